namespace Parley.Core.Messages;

/// <summary>The answer to a send.</summary>
/// <param name="Message">The message as stored; for a duplicate the first one.</param>
/// <param name="Duplicate">True where nothing was stored because the message is there already.</param>
/// <param name="Deliveries">The deliveries, at most <see cref="Limits.Recipients"/>.</param>
/// <param name="DeliveryCount">How many deliveries there are.</param>
/// <param name="Durability">What accepted means here.</param>
public sealed record SendReceipt(
    Message Message, bool Duplicate, IReadOnlyList<DeliveryReceipt> Deliveries, int DeliveryCount, string Durability);

/// <summary>One recipient's part of the answer.</summary>
/// <param name="Recipient">The recipient's name.</param>
/// <param name="State">Where the delivery begins.</param>
/// <param name="NotBefore">When a deferred one is due.</param>
public sealed record DeliveryReceipt(string Recipient, DeliveryState State, DateTimeOffset? NotBefore);
