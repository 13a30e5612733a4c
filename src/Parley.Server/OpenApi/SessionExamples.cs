using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of spawned sessions.</summary>
internal static class SessionExamples
{
    private const string Key = "agent:tesla:subagent:01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b";
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b");

    public static readonly SpawnRequest Spawn = new("tesla", "Design API architecture for the billing service", "openrouter/moonshotai/kimi-k2.5", Label: "api", Timeout: 900);

    public static readonly SpawnResponse Spawned = new("accepted", Key, "running", "openrouter/moonshotai/kimi-k2.5", "api", 900, [], Duplicate: false);

    public static readonly SessionSendRequest Send = new("agent:patton:main", Message: "Strategic review needed: may we announce the API in May?", Wait: 30);

    public static readonly SessionSendResponse Sent = new("answered", "agent:patton:main", Id, "Yes, if the tests are green by April.", "patton");

    public static readonly SessionView One = new(
        Key, "tesla", "ghost", null, "api", "Design API architecture for the billing service", "running", null, "openrouter/moonshotai/kimi-k2.5", "5m 30s", 330.2, 18_210, 0.0273m, 1, Id, 900, [],
        At, At, null) { Id = Id, Context = "isolated", MaxTokens = 200_000, MaxCost = 0.5m };

    public static readonly ListOf<SessionView> Sessions = new([One]);

    public static readonly SessionDetailsView Details = new(One, null, [], $"/api/v1/sessions/{Id}/log");

    public static readonly SessionLogView Log = new(
        Key, "running",
        [new SessionLogEntryView("message", At, "ghost", "Design API architecture for the billing service", "request"), new SessionLogEntryView("tool", At.AddSeconds(4), "openrouter/moonshotai/kimi-k2.5", "{}", Tool: "list_contacts", Answer: "#general")],
        2);

    public static readonly SteerRequest Steer = new("Leave the invoices out.");

    public static readonly KillRequest Kill = new("no longer needed");

    public static readonly SubagentsRequest Command = new("list");

    public static readonly SubagentsResponse Active = new([One]);

    public static readonly SessionStatsView Stats = new(7, 120, 3, 1, 112, 2, 1, 1, 0.9655, 1, 42.5, 0.0031m, 10);
}
