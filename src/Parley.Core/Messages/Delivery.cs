namespace Parley.Core.Messages;

/// <summary>One message for one recipient.</summary>
public sealed record Delivery
{
    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The recipient.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The recipient's name.</summary>
    public string AgentName { get; init; } = "";

    /// <summary>Its number in the recipient's inbox; null while it is held or deferred.</summary>
    public long? Number { get; init; }

    /// <summary>How far it came.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>How many times it was handed to a connection or a turn.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it is in that state, where that needs saying.</summary>
    public string? Reason { get; init; }

    /// <summary>The link whose credits it uses, or null.</summary>
    public Guid? LinkId { get; init; }

    /// <summary>Its place in the link's queue; 0 where it did not wait.</summary>
    public long Turn { get; init; }

    /// <summary>When a deferred one is due.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it loses its use.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it got its inbox number.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>When it was last handed over.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    /// <summary>When the recipient acknowledged it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>When the recipient replied to it.</summary>
    public DateTimeOffset? RepliedAt { get; init; }

    /// <summary>When it expired, was refused or died.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>How far a delivery came. The order is that of its life.</summary>
public enum DeliveryState
{
    /// <summary>A person has to approve it.</summary>
    Held,

    /// <summary>It waits for credits.</summary>
    Deferred,

    /// <summary>It is in the inbox.</summary>
    Pending,

    /// <summary>It was handed to a live connection.</summary>
    Offered,

    /// <summary>The recipient moved its cursor over it.</summary>
    Acknowledged,

    /// <summary>The recipient replied to it.</summary>
    Replied,

    /// <summary>It lost its use before it was acknowledged.</summary>
    Expired,

    /// <summary>A person refused it.</summary>
    Refused,

    /// <summary>The recipient could not process it.</summary>
    Dead,
}

/// <summary>A delivery with its message, as an inbox shows it.</summary>
public sealed record InboxItem(long Number, DeliveryState State, int Attempts, Message Message);
