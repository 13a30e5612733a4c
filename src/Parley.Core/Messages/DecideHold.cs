using Parley.Core.Conversations;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>A person approves, edits or refuses a held message. What is approved goes the way it would have gone, credits included.</summary>
public sealed class DecideHold(IDatabase database, IWake wake, TimeProvider time, params IEnumerable<IMessageFollower> followers)
{
    /// <summary>The held messages with their recipients' names, oldest first.</summary>
    public Task<List<(Message Message, IReadOnlyList<string> Recipients)>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        return database.ReadAsync(
            async unit =>
            {
                var held = new List<(Message, IReadOnlyList<string>)>();
                foreach (var message in await unit.Messages.HeldAsync(caller.OrganizationId, Limits.PageRows))
                {
                    var deliveries = await unit.Deliveries.OfMessageAsync(message.Id, Limits.Recipients);
                    held.Add((message, message.Channel is { } channel ? ["#" + channel] : [.. deliveries.Select(delivery => delivery.AgentName)]));
                }

                return held;
            },
            cancellationToken);
    }

    /// <summary>
    /// Lets a message go, with the text a person gave it where one is given. Throws <c>not_found</c> where it is not held, <c>not_linked</c> where its link
    /// was switched off or removed meanwhile; then it stays held.
    /// </summary>
    public async Task ApproveAsync(Caller caller, Guid messageId, string? editedContent, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        var edited = editedContent is null ? null : Draft.From(new SendInput { Content = editedContent }, time.GetUtcNow()).Content;
        var (conversation, positions) = await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var message = await HeldAsync(unit, caller, messageId);
                unit.Audit.Append(AuditEntry.Allowed(caller, now, edited is null ? "hold.approve" : "hold.edit", messageId.ToString()));
                var gone = await GoAsync(unit, message, edited, now);
                await FollowAsync(unit, message, now);
                return (message.ConversationId, gone);
            },
            cancellationToken);
        wake.Wake(new WakeHint(caller.OrganizationId, conversation, positions, Message: null));
    }

    /// <summary>Ends a message before its recipients see it, and tells its sender why.</summary>
    public async Task RefuseAsync(Caller caller, Guid messageId, string? reason, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        var why = string.IsNullOrWhiteSpace(reason) ? "refused by a person" : reason.Trim();
        var (conversation, positions) = await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var message = await HeldAsync(unit, caller, messageId);
                unit.Audit.Append(AuditEntry.Allowed(caller, now, "hold.refuse", messageId.ToString()));
                await unit.Messages.ReleaseAsync(messageId, Withheld.Refused, editedContent: null);
                foreach (var delivery in await unit.Deliveries.OfMessageAsync(messageId, Limits.PageRows))
                {
                    unit.Deliveries.End(messageId, delivery.AgentId, DeliveryState.Refused, why, now);
                    unit.Obligations.End(messageId, delivery.AgentId);
                }

                var told = await TellAsync(unit, message, why, now);
                foreach (var follower in followers)
                {
                    await follower.RefusedAsync(unit, message, why, now);
                }

                return (message.ConversationId, told);
            },
            cancellationToken);
        wake.Wake(new WakeHint(caller.OrganizationId, conversation, positions, Message: null));
    }

    /// <summary>Tells of a message that can be read now; one that waits for credits is told of when it has them.</summary>
    private async ValueTask FollowAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        foreach (var follower in followers)
        {
            if (await unit.Messages.FindAsync(message.OrganizationId, message.Id) is { Withheld: Withheld.No } readable)
            {
                await follower.SaidAsync(unit, readable, now);
            }
        }
    }

    private static async ValueTask<Message> HeldAsync(IUnitOfWork unit, Caller caller, Guid messageId)
    {
        var message = await unit.Messages.FindAsync(caller.OrganizationId, messageId) ?? throw ParleyError.NotFound("held message");
        await unit.Conversations.LockAsync(message.ConversationId);
        await unit.Deliveries.LockAsync(messageId);
        return await unit.Messages.FindAsync(caller.OrganizationId, messageId) is { Withheld: Withheld.Held } held ? held : throw ParleyError.NotFound("held message");
    }

    private static async ValueTask<List<InboxPosition>> GoAsync(IUnitOfWork unit, Message message, string? edited, DateTimeOffset now)
    {
        if (message.ConversationKind == ConversationKind.Channel)
        {
            await unit.Messages.ReleaseAsync(message.Id, Withheld.No, edited);
            return await unit.Deliveries.FanOutAsync(message with { CreatedAt = now }, message.SenderId);
        }

        var positions = new List<InboxPosition>();
        var deferred = false;
        foreach (var delivery in await unit.Deliveries.OfMessageAsync(message.Id, Limits.PageRows))
        {
            if (delivery.State != DeliveryState.Held)
            {
                continue;
            }

            var decision = await DrawAsync(unit, message, delivery, now);
            if (decision.State == DeliveryState.Pending)
            {
                positions.Add(new InboxPosition(delivery.AgentId, await unit.Deliveries.ReleaseAsync(message.Id, delivery.AgentId, now)));
            }
            else
            {
                deferred = true;
                unit.Deliveries.Defer(message.Id, delivery.AgentId, decision.Turn, decision.NotBefore!.Value);
            }
        }

        await unit.Messages.ReleaseAsync(message.Id, deferred && message.ConversationKind == ConversationKind.Direct ? Withheld.Deferred : Withheld.No, edited);
        return positions;
    }

    private static async ValueTask<Decision> DrawAsync(IUnitOfWork unit, Message message, Delivery delivery, DateTimeOffset now)
    {
        if (delivery.LinkId is not { } linkId || await unit.Links.FindAsync(message.OrganizationId, linkId) is not { } link)
        {
            return new Decision(DeliveryState.Pending, Credits: null);
        }

        if (link is not { RemovedAt: null, Settings.Enabled: true })
        {
            throw new ParleyError(
                ErrorCode.NotLinked, $"'{message.SenderName}' and '{delivery.AgentName}' have no enabled link any more.", "Switch the link on first, or refuse the message: parley hold refuse");
        }

        var decision = SendRules.Draw(await unit.Links.StateAsync(linkId) ?? Links.Quota.Open(linkId, link.Settings, now), link.Settings, now);
        unit.Links.SaveState(decision.Credits!);
        return decision;
    }

    private static async ValueTask<List<InboxPosition>> TellAsync(IUnitOfWork unit, Message message, string reason, DateTimeOffset now) =>
        message.SenderKind == CallerKind.Agent
            ? [await SystemNotice.WriteAsync(unit, message.OrganizationId, message.SenderId, "hold_refused", $"Message {message.Id} was not delivered: {reason}", message.Id, now)]
            : [];
}
