using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>Spawned sessions.</summary>
public interface ISubagentStore
{
    /// <summary>Makes everybody else who starts or ends spawned sessions wait until the end of this write.</summary>
    ValueTask LockQueueAsync();

    /// <summary>Adds a session with the messages that a fork begins with.</summary>
    void Add(Subagent session, IReadOnlyList<Guid> context);

    /// <summary>Writes what may change: parent's session, state, reason, warnings, result and times.</summary>
    void Save(Subagent session);

    /// <summary>The session, or null; locked in a write.</summary>
    ValueTask<Subagent?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The session of that key, or null.</summary>
    ValueTask<Subagent?> FindByKeyAsync(Guid organizationId, string key);

    /// <summary>The session whose log that conversation is, or null.</summary>
    ValueTask<Subagent?> FindInAsync(Guid organizationId, Guid conversationId);

    /// <summary>The newest session that a parent has given that label, the open ones first; null for any parent of the organization.</summary>
    ValueTask<Subagent?> FindLabelAsync(Guid organizationId, Guid? parentId, string label);

    /// <summary>Sessions with what they used, the newest first.</summary>
    ValueTask<List<SubagentStatus>> ListAsync(SubagentQuery query);

    /// <summary>The open sessions that a session has spawned, the oldest first.</summary>
    ValueTask<List<Subagent>> ChildrenAsync(Guid parentSessionId);

    /// <summary>How many sessions of a parent have not ended.</summary>
    ValueTask<int> CountOpenAsync(Guid parentId);

    /// <summary>How many sessions run, by their parent.</summary>
    ValueTask<Dictionary<Guid, int>> RunningAsync();

    /// <summary>Sessions that wait in the queue, the oldest first.</summary>
    ValueTask<List<QueuedSession>> QueuedAsync(int limit);

    /// <summary>Sessions that wait for a person who has decided by now, with what became of their task.</summary>
    ValueTask<List<(Subagent Session, bool Approved)>> DecidedAsync(int limit);

    /// <summary>Running sessions whose time is over, or that stored nothing since a time, the longest first.</summary>
    ValueTask<List<Subagent>> OverdueAsync(DateTimeOffset now, DateTimeOffset quietSince, int limit);

    /// <summary>What the session's turns used and reserve, and when the newest step was stored.</summary>
    ValueTask<SessionUse> UseAsync(Guid id);

    /// <summary>The messages that a fork begins with.</summary>
    ValueTask<IReadOnlyList<Guid>> ContextAsync(Guid id);

    /// <summary>Counts of what was spawned since a time.</summary>
    ValueTask<SessionFigures> FiguresAsync(Guid organizationId, DateTimeOffset since);
}

/// <summary>Which sessions to list.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">Only those that this agent does or has spawned.</param>
/// <param name="Open">Only those that have not ended.</param>
/// <param name="ParentSessionId">Only what that session has spawned.</param>
/// <param name="RootId">Only those of a chain.</param>
/// <param name="Id">Only that one.</param>
/// <param name="Limit">How many, at the most.</param>
public sealed record SubagentQuery(
    Guid OrganizationId, Guid? AgentId = null, bool Open = false, Guid? ParentSessionId = null, Guid? RootId = null, Guid? Id = null, int Limit = 100);

/// <summary>A session with what it used so far.</summary>
/// <param name="Session">The session.</param>
/// <param name="Use">What its turns used.</param>
public sealed record SubagentStatus(Subagent Session, SessionUse Use)
{
    /// <summary>How long it has run, or ran; null while it waits.</summary>
    public TimeSpan? Runtime(DateTimeOffset now) => Session.StartedAt is { } started ? (Session.EndedAt ?? now) - started : null;
}

/// <summary>What a session's turns used.</summary>
/// <param name="Usage">Tokens of answered calls.</param>
/// <param name="Cost">Their price in millionths of a dollar.</param>
/// <param name="Turns">How many turns it had.</param>
/// <param name="LastStepAt">When the newest step was stored, or null.</param>
public sealed record SessionUse(Usage Usage, long Cost, int Turns, DateTimeOffset? LastStepAt);

/// <summary>A session in the queue.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Id">The session.</param>
/// <param name="ParentId">Who spawned it.</param>
/// <param name="CreatedAt">When.</param>
public readonly record struct QueuedSession(Guid OrganizationId, Guid Id, Guid ParentId, DateTimeOffset CreatedAt);

/// <summary>The success metrics of spawned sessions.</summary>
/// <param name="Spawned">Sessions spawned in the time.</param>
/// <param name="Open">Those that have not ended.</param>
/// <param name="Running">Those that run.</param>
/// <param name="Completed">With a result.</param>
/// <param name="Failed">That could not be done.</param>
/// <param name="Killed">That were ended.</param>
/// <param name="TimedOut">Whose time was over.</param>
/// <param name="Reported">Ended ones whose result is stored.</param>
/// <param name="MeanSeconds">Mean time from start to end of the completed ones.</param>
/// <param name="Cost">What all of them cost, in millionths of a dollar.</param>
public sealed record SessionFigures(
    int Spawned, int Open, int Running, int Completed, int Failed, int Killed, int TimedOut, int Reported, double MeanSeconds, long Cost);
