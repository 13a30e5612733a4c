using Parley.Client.Wire;

namespace Parley.Tests.Cli.Sessions;

/// <summary>Spawned sessions as a server lists them.</summary>
internal static class Spawned
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    /// <summary>The n-th session that was spawned.</summary>
    public static SessionView Session(
        int number, string agent = "tesla", string parent = "ghost", Guid? parentSession = null, string? label = null, string status = "running", string? id = null, bool outlive = false)
    {
        var key = Guid.Parse(id ?? $"01957e3a-5b7c-7d10-8f2a-00000000{number:x4}");
        var at = s_begin.AddSeconds(number);
        return new SessionView(
            $"agent:{agent}:subagent:{key}", agent, parent, parentSession, label, "Work", status, null, "demo/echo", "5m 30s", 330, 100 * number, 0.25m, 1, Guid.Empty, 900, [], at, at,
            status is "running" or "queued" ? null : at.AddMinutes(1))
        { Id = key, Outlive = outlive };
    }
}
