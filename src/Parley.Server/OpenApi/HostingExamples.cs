using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of hosted agents.</summary>
internal static class HostingExamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b");
    private static readonly Guid Turn = new("01957e3a-5b7c-7d10-8f2a-000000000003");

    public static readonly HostRequest Host = new("local/qwen2.5-7b-instruct", FallbackModel: "openai/gpt-5-mini", Persona: "/srv/parley/tesla");

    public static readonly HostingView Hosting = new("tesla", "model", "local/qwen2.5-7b-instruct", "openai/gpt-5-mini", "/srv/parley/tesla", 2048, 32_000, 120, [], At);

    public static readonly ListOf<PersonaFileView> Persona = new([new PersonaFileView("AGENTS.md", "You review changes. Be short.", true)]);

    public static readonly PermissionView Permission = new(
        Id, "tesla", new("01957e3a-5b7c-7d10-8f2a-000000000007"), Turn, "Run npm test", "execute", """{"command":"npm test"}""", "open", null, At, At.AddMinutes(5), null);

    public static readonly PermissionView Allowed = Permission with { State = "allowed", DecidedBy = "owner", DecidedAt = At.AddSeconds(20) };

    public static readonly ListOf<PermissionView> Permissions = new([Permission]);

    public static readonly TestRequest Test = new("Who are you?");

    public static readonly TestAnswer Tested = new("I am tesla.", "local/qwen2.5-7b-instruct", new UsageView(412, 0, 8), 0m, 0.8, []);

    public const string TestedLive =
        """
        event: text
        data: {"text":"I am "}

        event: text
        data: {"text":"tesla."}

        event: done
        data: {"text":"I am tesla.","model":"local/qwen2.5-7b-instruct","usage":{"input":412,"cached_input":0,"output":8},"cost":0,"seconds":0.8,"warnings":[]}
        """;

    public static readonly ListOf<ProviderView> Models = new([new ProviderView("local", "ready", "http://127.0.0.1:11434/v1", "", [new ModelView("local/qwen2.5-7b-instruct", 0, 0, 0)])]);

    public static readonly RootView One = new(Id, 4, 50, null, 1.50m, 6, 9_120, 0.0137m, At, At.AddSeconds(40), "The chain has reached its depth of 4 (max_depth).");

    public static readonly ListOf<RootView> Roots = new([One]);

    public static readonly RootTreeView Root = new(
        One, null, [new ChainTurnView(Turn, null, "tesla", 0, "answered", "local/qwen2.5-7b-instruct", 2, 2, new UsageView(1_420, 0, 96), 0m, At, At.AddSeconds(3), null, [])]);

    public static readonly BudgetsView Budgets = new(new RootBounds(4, 50, null, 1.50m), [new DayView("agent", "tesla", 200_000, null, 9_120, 0.0137m)]);

    public static readonly SpendView Spend = new("agent", 7, 9_120, 0.0137m, [new SpendLineView("tesla", 6, 9, new UsageView(8_400, 0, 720), 0.0137m)]);

    public static readonly SetBudgetsRequest SetBudgets = new(new RootBounds(4, 50, MaxCost: 1.50m), new DayView("agent", "tesla", 200_000));
}
