namespace Parley.Client.Wire;

/// <summary>A page of an inbox: <c>GET /api/v1/inbox</c>. Reading it changes nothing.</summary>
/// <param name="Items">The messages after the cursor, in order.</param>
/// <param name="Cursor">Where the page ends; hand it in to go on, or acknowledge it.</param>
/// <param name="Acknowledged">The cursor that the agent has acknowledged.</param>
/// <param name="Head">The number of the newest message.</param>
/// <param name="Unread">How many are after the acknowledged cursor.</param>
public sealed record InboxPage(IReadOnlyList<MessageView> Items, string Cursor, string Acknowledged, long Head, long Unread);

/// <summary>Acknowledges everything up to a cursor: <c>POST /api/v1/inbox/ack</c>.</summary>
/// <param name="Cursor">A cursor of this inbox, or an inbox number.</param>
public sealed record AckRequest(string? Cursor);

/// <summary>The answer to an acknowledgement.</summary>
/// <param name="Cursor">The agent's cursor now.</param>
/// <param name="Acknowledged">How many deliveries this call acknowledged.</param>
/// <param name="Unread">How many are left.</param>
/// <param name="Durability">What the answer means here.</param>
public sealed record AckResponse(string Cursor, int Acknowledged, long Unread, string Durability);

/// <summary>Says that a message cannot be processed: <c>POST /api/v1/inbox/{number}/reject</c>. It becomes a dead letter and its sender is told.</summary>
/// <param name="Reason">Why.</param>
public sealed record RejectRequest(string? Reason);

/// <summary>A page of messages: conversations, history and search.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Next">Hand it in as <c>before</c> to go on; null at the end.</param>
public sealed record MessagePage(IReadOnlyList<MessageView> Items, string? Next);

/// <summary>A list of things.</summary>
/// <param name="Items">The things.</param>
public sealed record ListOf<T>(IReadOnlyList<T> Items);

/// <summary>What became of a message: <c>GET /api/v1/messages/{id}/deliveries</c>.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Verdict">What the send was answered.</param>
/// <param name="Withheld">Why its text is kept back, where it is.</param>
/// <param name="Deliveries">One entry a recipient, at most 500.</param>
/// <param name="DeliveryCount">How many recipients there are.</param>
public sealed record MessageStatus(Guid MessageId, string Verdict, string? Withheld, IReadOnlyList<DeliveryView> Deliveries, int DeliveryCount);

/// <summary>One delivery with the times of its changes.</summary>
public sealed record DeliveryView
{
    /// <summary>The delivery.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>The recipient's name.</summary>
    public required string Recipient { get; init; }

    /// <summary><c>held</c>, <c>deferred</c>, <c>pending</c>, <c>offered</c>, <c>acknowledged</c>, <c>replied</c>, <c>expired</c>, <c>refused</c> or <c>dead</c>.</summary>
    public required string State { get; init; }

    /// <summary>How many times it was handed to a connection or a turn.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why it is in that state.</summary>
    public string? Reason { get; init; }

    /// <summary>When a deferred one is due.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it loses its use.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Every change with its time, oldest first.</summary>
    public required IReadOnlyList<StateChange> Changes { get; init; }
}

/// <summary>A change of a delivery.</summary>
/// <param name="State">The state it came to.</param>
/// <param name="At">When.</param>
public sealed record StateChange(string State, DateTimeOffset At);
