namespace Parley.Client.Wire;

/// <summary>The answer to a send. Whoever has it can rely on it: everything in it was committed and flushed.</summary>
public sealed record SendResponse
{
    /// <summary><c>accepted</c>, <c>deferred</c> or <c>held</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>True where the message was there already: the same key, or the same text within the debounce time.</summary>
    public required bool Duplicate { get; init; }

    /// <summary>The message's id.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The conversation it is part of.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>Its number there: 1, 2, 3… without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>The deliveries, at most 50 of them; a channel's are counted only.</summary>
    public required IReadOnlyList<DeliveryOutcome> Deliveries { get; init; }

    /// <summary>How many deliveries there are.</summary>
    public required int DeliveryCount { get; init; }

    /// <summary>Messages that the link still allows in this window; null where no link counts.</summary>
    public int? CreditsLeft { get; init; }

    /// <summary>When the link's window resets; null where no link counts.</summary>
    public DateTimeOffset? WindowResetAt { get; init; }

    /// <summary>When a deferred message will be delivered.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What accepted means here: <c>disk</c>, <c>disk+replica</c> or <c>relaxed</c>.</summary>
    public required string Durability { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Where the delivery to one recipient begins.</summary>
/// <param name="DeliveryId">The delivery: the message's id and the recipient's name.</param>
/// <param name="Recipient">The recipient's name.</param>
/// <param name="State">Its state: <c>pending</c>, <c>deferred</c>, <c>held</c>, …</param>
/// <param name="NotBefore">When a deferred one is due.</param>
public sealed record DeliveryOutcome(string DeliveryId, string Recipient, string State, DateTimeOffset? NotBefore);
