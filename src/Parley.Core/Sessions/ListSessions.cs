using Parley.Core.Organizations;

namespace Parley.Core.Sessions;

/// <summary>Lists spawned sessions with what they used, the newest first. An agent sees what it has spawned and works in; at work in a spawned session only what that has spawned.</summary>
public sealed class ListSessions(IDatabase database)
{
    /// <summary>Returns the sessions. Throws <c>not_found</c> for an unknown agent and <c>invalid_request</c>.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="agent">Only those that this agent does or has spawned, by name; persons only.</param>
    /// <param name="open">Only those that have not ended.</param>
    /// <param name="limit">How many, 1–500.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<List<SubagentStatus>> RunAsync(Caller caller, string? agent, bool open, int limit, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        if (limit is < 1 or > Limits.PageRows)
        {
            throw ParleyError.Invalid("limit", "The limit is out of bounds.", $"Use 1 to {Limits.PageRows}.");
        }

        return database.ReadAsync(
            async unit =>
            {
                var inside = caller.Origin is { } origin && await unit.Subagents.FindAsync(caller.OrganizationId, origin.SessionId) is not null ? origin.SessionId : (Guid?)null;
                var id = caller.IsAgent ? (inside is null ? caller.Id : (Guid?)null) : agent is null ? null : (await Agents.AgentRules.FoundAsync(unit, caller.OrganizationId, agent)).Id;
                return await unit.Subagents.ListAsync(new SubagentQuery(caller.OrganizationId, id, open, inside, Limit: limit));
            },
            cancellationToken);
    }
}

/// <summary>Reads one spawned session with what it used.</summary>
public sealed class ReadSession(IDatabase database)
{
    /// <summary>Returns the session with its result, or null for the result while it has none. Throws <c>not_found</c>.</summary>
    public Task<SessionDetails> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var session = await SessionLookup.FoundAsync(unit, caller, name);
                var status = (await unit.Subagents.ListAsync(new SubagentQuery(caller.OrganizationId, Id: session.Id)))[0];
                var result = session.ResultId is { } id ? await unit.Messages.FindAsync(caller.OrganizationId, id) : null;
                return new SessionDetails(status, result, await unit.Subagents.ListAsync(new SubagentQuery(caller.OrganizationId, ParentSessionId: session.Id)));
            },
            cancellationToken);
    }
}

/// <summary>A session with its result and what it has spawned.</summary>
/// <param name="Status">The session with what it used.</param>
/// <param name="Result">The message with its result, or null.</param>
/// <param name="Children">What it has spawned, the newest first.</param>
public sealed record SessionDetails(SubagentStatus Status, Messages.Message? Result, IReadOnlyList<SubagentStatus> Children);

/// <summary>The success metrics of the founding document over a time.</summary>
public sealed class ReadSessionFigures(IDatabase database, TimeProvider time)
{
    /// <summary>Returns what was spawned within that time until now. Persons only.</summary>
    public Task<SessionFigures> RunAsync(Caller caller, TimeSpan within, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => unit.Subagents.FiguresAsync(caller.OrganizationId, time.GetUtcNow() - within), cancellationToken);
    }
}
