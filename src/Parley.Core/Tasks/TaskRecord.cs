namespace Parley.Core.Tasks;

/// <summary>A piece of work that somebody gave to an agent or a group over a door whose callers want to follow it. Who does it, and where, is told by its kind.</summary>
public sealed record TaskRecord
{
    /// <summary>The task.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>How it is done.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>The agent, channel or meeting that it was given to.</summary>
    public required Guid TargetId { get; init; }

    /// <summary>Who gave it: a person or an agent.</summary>
    public required CallerKind OwnerKind { get; init; }

    /// <summary>The owner's id. Nobody else may read, continue or cancel it.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>What belongs together, in the words of the caller; the conversation's id where it named nothing.</summary>
    public required string ContextId { get; init; }

    /// <summary>Where it is spoken of.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>The message that gave it.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The chain that it started or belongs to.</summary>
    public required Guid RootId { get; init; }

    /// <summary>The spawned session that does it, or null.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>How far it came. Of a session that has not ended it is read from the session's own row.</summary>
    public TaskStage Stage { get; init; }

    /// <summary>How many answers of a channel complete it.</summary>
    public int Answers { get; init; } = 1;

    /// <summary>How many events it has.</summary>
    public long Events { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest event was stored.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it has ended; then it stays as it is.</summary>
    public bool Ended => TaskRules.IsEnd(Stage);
}

/// <summary>How a task is done.</summary>
public enum TaskKind
{
    /// <summary>In a spawned session of a hosted agent.</summary>
    Session,

    /// <summary>By messages with one agent, under their link.</summary>
    Peer,

    /// <summary>By the members of a channel.</summary>
    Channel,

    /// <summary>By the chain of answers in a meeting.</summary>
    Meeting,
}

/// <summary>How far a task came.</summary>
public enum TaskStage
{
    /// <summary>It was accepted.</summary>
    Submitted,

    /// <summary>Somebody works on it.</summary>
    Working,

    /// <summary>It waits for a word of its owner.</summary>
    InputRequired,

    /// <summary>It waits for a permission that its owner or a person has to give.</summary>
    AuthRequired,

    /// <summary>It was done.</summary>
    Completed,

    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>It was ended from outside.</summary>
    Canceled,

    /// <summary>It was not taken on.</summary>
    Rejected,
}
