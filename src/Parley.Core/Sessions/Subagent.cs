using Parley.Core.Budgets;

namespace Parley.Core.Sessions;

/// <summary>A spawned session: one piece of work that an agent does apart from everything else it does.</summary>
public sealed record Subagent
{
    /// <summary>The session.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary><c>agent:tesla:subagent:</c> and its id.</summary>
    public required string Key { get; init; }

    /// <summary>Who does the work.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>Its name.</summary>
    public required string AgentName { get; init; }

    /// <summary>The log of the session: task, steering, result.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>A person, an agent, or Parley for a schedule.</summary>
    public required CallerKind ParentKind { get; init; }

    /// <summary>Who spawned it.</summary>
    public required Guid ParentId { get; init; }

    /// <summary>The name of who spawned it.</summary>
    public required string ParentName { get; init; }

    /// <summary>The session of a hosted parent that the result goes to, else null.</summary>
    public Guid? ParentSessionId { get; init; }

    /// <summary>The turn that spawned it, or null. The results of what one turn has spawned start one turn of the parent together.</summary>
    public Guid? ParentTurnId { get; init; }

    /// <summary>The message that the parent's turn was about: what the parent says of the result answers it. Null where nobody asked.</summary>
    public Guid? AskedById { get; init; }

    /// <summary>How many spawned sessions lie above it: 1 for a child of a main session.</summary>
    public int Level { get; init; } = 1;

    /// <summary>The depth of its task in the chain.</summary>
    public int Depth { get; init; }

    /// <summary>The chain that it belongs to and that pays for it.</summary>
    public required Guid RootId { get; init; }

    /// <summary>A name that its parent gave it, or null.</summary>
    public string? Label { get; init; }

    /// <summary>What it is to do.</summary>
    public required string Task { get; init; }

    /// <summary><c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Whether it has a copy of its parent's conversation.</summary>
    public bool Fork { get; init; }

    /// <summary>The JSON Schema of its result, or null.</summary>
    public string? Schema { get; init; }

    /// <summary>How long it may take from its start on.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What it may use.</summary>
    public Ceiling Ceiling { get; init; }

    /// <summary>Whether it goes on when its parent is killed.</summary>
    public bool Outlive { get; init; }

    /// <summary>Where its result is posted besides the parent's inbox, or null.</summary>
    public string? Announce { get; init; }

    /// <summary>How far it came.</summary>
    public SubagentState State { get; init; }

    /// <summary>Why it is as it is, in words for a person; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The message with its result, once it has ended.</summary>
    public Guid? ResultId { get; init; }

    /// <summary>When it was spawned.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it left the queue, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its time is over, or null while it waits.</summary>
    public DateTimeOffset? Deadline => StartedAt + Timeout;

    /// <summary>Whether it has ended.</summary>
    public bool Ended => State >= SubagentState.Completed;
}

/// <summary>How far a spawned session came.</summary>
public enum SubagentState
{
    /// <summary>It waits for a person's approval.</summary>
    Held,

    /// <summary>It waits for its turn in the fair queue.</summary>
    Queued,

    /// <summary>It works.</summary>
    Running,

    /// <summary>It has a result.</summary>
    Completed,

    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>It was ended by its parent, a person, or the guardian.</summary>
    Killed,

    /// <summary>Its time was over.</summary>
    TimedOut,
}
