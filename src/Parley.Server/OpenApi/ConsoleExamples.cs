using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of the console's operations.</summary>
internal static class ConsoleExamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b");

    public static readonly ConsoleLinkRequest LinkFor = new("maria");

    public static readonly ConsoleLink Link = new("/sign-in#pl_…", "maria", At.AddDays(7));

    public static readonly SignInRequest SignIn = new("pl_…");

    public static readonly ConsoleSessionView Session = new(Id, "maria", "Chrome on Linux", At, At.AddDays(14), true);

    public static readonly ListOf<ConsoleSessionView> Sessions = new([Session]);

    public static readonly ListOf<RunningTurnView> Turns = new([new RunningTurnView(Id, "tesla", Id, 1, At, "send_agent_message", "db1:4711", "local/qwen2.5-7b-instruct")]);

    public static readonly MessageRateView Rate = new(5, [0, 3, 12, 4]);
}
