using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>By what spending is added up.</summary>
public enum SpendKey
{
    /// <summary>Whose turns.</summary>
    Agent,

    /// <summary>Which model answered.</summary>
    Model,

    /// <summary>On which day in UTC.</summary>
    Day,

    /// <summary>In which session.</summary>
    Session,

    /// <summary>In which chain.</summary>
    Root,

    /// <summary>For which project; what answers in no channel of one has none.</summary>
    Project,
}

/// <summary>What model calls used, added up.</summary>
/// <param name="Key">The agent, model, day, session, chain or project; empty for no project.</param>
/// <param name="Turns">Turns.</param>
/// <param name="Calls">Answered model calls.</param>
/// <param name="Usage">Their tokens.</param>
/// <param name="Cost">Their price in millionths of a dollar.</param>
public sealed record SpendLine(string Key, long Turns, long Calls, Usage Usage, long Cost);

/// <summary>Shows people what hosted agents' model calls used. Counts the calls of turns that retention has not deleted.</summary>
public sealed class ReadSpend(IDatabase database, TimeProvider time)
{
    /// <summary>The longest time that may be asked for.</summary>
    public const int MostDays = 3_650;

    /// <summary>
    /// Returns the lines, the dearest first, days by date. Persons only. Throws <c>invalid_request</c>, and <c>not_found</c> for an unknown agent.
    /// </summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="by">By what it is added up.</param>
    /// <param name="days">The last so many days in UTC, today included.</param>
    /// <param name="agent">Only the turns of that agent, or null.</param>
    /// <param name="limit">How many lines, 1–500.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<List<SpendLine>> RunAsync(Caller caller, SpendKey by, int days, string? agent, int limit, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        if (days is < 1 or > MostDays)
        {
            throw ParleyError.Invalid("days", "The number of days is out of bounds.", $"Use 1 to {MostDays}.");
        }

        var since = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date.AddDays(1 - days), TimeSpan.Zero);
        return await database.ReadAsync(
            async unit =>
            {
                var id = agent is null ? (Guid?)null : (await Agents.AgentRules.FoundAsync(unit, caller.OrganizationId, agent)).Id;
                return await unit.Turns.SpendAsync(caller.OrganizationId, by, since, id, limit);
            },
            cancellationToken);
    }
}
