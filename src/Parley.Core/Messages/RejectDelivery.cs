using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>A recipient says that it cannot process a message: the delivery becomes a dead letter, its sender and the people are told.</summary>
public sealed class RejectDelivery(IDatabase database, IWake wake, TimeProvider time)
{
    /// <summary>Parks the delivery at a place of the caller's inbox. Throws <c>not_found</c>, or <c>conflict</c> where it is settled already.</summary>
    public async Task RunAsync(Caller caller, long number, string? reason, CancellationToken cancellationToken)
    {
        caller.RequireAgent();
        caller.Require(Scopes.Send);
        var why = string.IsNullOrWhiteSpace(reason) ? "rejected by the recipient" : reason.Trim();
        if (why.Length > 1000)
        {
            throw ParleyError.Invalid("reason", "The reason is too long.", "Use at most 1000 characters.");
        }

        var positions = await database.WriteAsync(unit => ParkAsync(unit, caller, number, why, time.GetUtcNow()), cancellationToken);
        Wakes.Send(wake, caller.OrganizationId, positions);
        Telemetry.Delivered(DeliveryState.Dead, 1);
    }

    private static async ValueTask<List<InboxPosition>> ParkAsync(IUnitOfWork unit, Caller caller, long number, string reason, DateTimeOffset now)
    {
        await unit.Agents.InboxAsync(caller.Id);
        var found = await unit.Deliveries.FindAsync(caller.Id, number) ?? throw ParleyError.NotFound("delivery");
        await unit.Deliveries.LockAsync(found.MessageId);
        var delivery = (await unit.Deliveries.FindAsync(found.MessageId, caller.Id))!;
        if (!DeliveryRules.MayFollow(delivery.State, DeliveryState.Dead))
        {
            throw new ParleyError(ErrorCode.Conflict, $"The delivery is {delivery.State.ToString().ToLowerInvariant()} already.", "Reject a message before it is acknowledged.");
        }

        return await EndAsync(unit, caller.OrganizationId, caller.Name, delivery, reason, now);
    }

    /// <summary>Ends a delivery as dead within a write, asks for a person and tells the sending agent.</summary>
    internal static async ValueTask<List<InboxPosition>> EndAsync(IUnitOfWork unit, Guid organizationId, string recipient, Delivery delivery, string reason, DateTimeOffset now)
    {
        unit.Deliveries.End(delivery.MessageId, delivery.AgentId, DeliveryState.Dead, reason, now);
        unit.Obligations.End(delivery.MessageId, delivery.AgentId);
        var message = await unit.Messages.FindAsync(organizationId, delivery.MessageId);
        var text = $"'{recipient}' could not process message {delivery.MessageId}: {reason}";
        unit.Obligations.Raise(new Attention(Guid.CreateVersion7(now), organizationId, "dead_letter", text, delivery.MessageId, now, ResolvedAt: null));
        return message is { SenderKind: CallerKind.Agent }
            ? [await SystemNotice.WriteAsync(unit, organizationId, message.SenderId, "dead_letter", text, message.Id, now)]
            : [];
    }
}

/// <summary>Dead letters, for people: listed, and put back into the inbox.</summary>
public sealed class DeadLetters(IDatabase database, IWake wake, TimeProvider time)
{
    /// <summary>The organization's dead deliveries with their messages, the newest first.</summary>
    public Task<List<(Delivery Delivery, Message Message)>> ListAsync(Caller caller, int limit, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        return database.ReadAsync(
            async unit =>
            {
                var letters = new List<(Delivery, Message)>();
                foreach (var delivery in await unit.Deliveries.DeadAsync(caller.OrganizationId, Math.Clamp(limit, 1, Limits.PageRows)))
                {
                    letters.Add((delivery, (await unit.Messages.FindAsync(caller.OrganizationId, delivery.MessageId))!));
                }

                return letters;
            },
            cancellationToken);
    }

    /// <summary>
    /// Puts a dead delivery back into its recipient's inbox, under a new number, because a connection that is past the old one would not see it there. The old
    /// place says where it went.
    /// </summary>
    public async Task RetryAsync(Caller caller, Guid messageId, string agent, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        var position = await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var name = agent.TrimStart('@').ToLowerInvariant();
                var recipient = Name.HasForm(name) ? await unit.Agents.FindAsync(caller.OrganizationId, name) : null;
                if (recipient is null)
                {
                    throw ParleyError.NotFound("delivery", "parley dead list");
                }

                var notices = await SystemNotice.ConversationAsync(unit, caller.OrganizationId, recipient.Id, now);
                await unit.Conversations.LockAsync(notices.Id);
                var inbox = await unit.Agents.InboxAsync(recipient.Id);
                await unit.Deliveries.LockAsync(messageId);
                var delivery = await unit.Deliveries.FindAsync(messageId, recipient.Id) ?? throw ParleyError.NotFound("delivery", "parley dead list");
                if (delivery.State != DeliveryState.Dead)
                {
                    throw new ParleyError(ErrorCode.Conflict, "The delivery is not a dead letter.", "List them: parley dead list");
                }

                unit.Audit.Append(AuditEntry.Allowed(caller, now, "delivery.retry", $"{messageId}:{recipient.Name}"));
                var number = await unit.Deliveries.ReleaseAsync(messageId, recipient.Id, now);
                if (delivery.Number is { } left && left > inbox.Floor)
                {
                    var text = $"Message {messageId}, which was {left} here, is delivered once more as {number}.";
                    await SystemNotice.FillAsync(unit, notices, inbox, left, "delivered_again", text, messageId, now);
                }

                return new InboxPosition(recipient.Id, number);
            },
            cancellationToken);
        Wakes.Send(wake, caller.OrganizationId, [position]);
    }
}
