namespace Parley.Core.Webhooks;

/// <summary>An address that is called when something happened, so that a program need not ask.</summary>
public sealed record Webhook
{
    /// <summary>Stable.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Unique in the organization.</summary>
    public required string Name { get; init; }

    /// <summary>The agent whose inbox it watches; null for what needs a person.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>Its name.</summary>
    public string? AgentName { get; init; }

    /// <summary>True where that agent was removed: it calls nobody any more.</summary>
    public bool AgentRemoved { get; init; }

    /// <summary>Whom it calls.</summary>
    public required string Url { get; init; }

    /// <summary>What it calls for.</summary>
    public required WebhookEvents Events { get; init; }

    /// <summary>Whether a call carries the first line of the text.</summary>
    public bool Preview { get; init; } = true;

    /// <summary>What signs its calls, sealed.</summary>
    public required string Secret { get; init; }

    /// <summary>What signed them before it was rotated, sealed; or null.</summary>
    public string? OldSecret { get; init; }

    /// <summary>Until when the old secret signs too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>The person who made it.</summary>
    public required Guid CreatedById { get; init; }

    /// <summary>Their name.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it is paused, or null.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Why Parley paused it, or null where a person did or it is not paused.</summary>
    public string? PausedReason { get; init; }

    /// <summary>The number of the inbox up to which it has called. Nothing is read or acknowledged by it.</summary>
    public long Position { get; init; }

    /// <summary>The number of its last call.</summary>
    public long Calls { get; init; }

    /// <summary>How many calls in a row were given up.</summary>
    public int DeadInRow { get; init; }
}

/// <summary>What a webhook calls for. Stored as a number.</summary>
[Flags]
public enum WebhookEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A message in the inbox that is no result.</summary>
    Message = 1,

    /// <summary>A result of a session in the inbox.</summary>
    Result = 2,

    /// <summary>Something needs a person.</summary>
    Attention = 4,
}

/// <summary>A call of a webhook. It stays as it is however often it is tried.</summary>
public sealed record WebhookCall
{
    /// <summary>Whose.</summary>
    public required Guid WebhookId { get; init; }

    /// <summary>Counts the calls of a webhook from 1.</summary>
    public required long Number { get; init; }

    /// <summary>What the receiver can recognise a repetition by: the <c>webhook-id</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>What happened: <c>inbox.message</c> or <c>attention.raised</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The JSON that is sent.</summary>
    public required string Body { get; init; }

    /// <summary>The number of the inbox that it covers; 0 where it is about no inbox.</summary>
    public long UpTo { get; init; }

    /// <summary>How many things it tells of.</summary>
    public int Count { get; init; }

    /// <summary>How far it came.</summary>
    public WebhookCallState State { get; init; }

    /// <summary>How many times it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When it is tried next; null where it is over.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last HTTP status, or null where there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Why it is as it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Grows with every claim: only who claimed last may write what became of it.</summary>
    public long Fence { get; init; }
}

/// <summary>How far a call came. Stored by name.</summary>
public enum WebhookCallState
{
    /// <summary>It is to be tried.</summary>
    Waiting,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>It was given up after the last attempt.</summary>
    Dead,

    /// <summary>A newer call tells of the same and more.</summary>
    Replaced,

    /// <summary>It is of no use any more: the agent has read what it tells of.</summary>
    Dropped,
}
