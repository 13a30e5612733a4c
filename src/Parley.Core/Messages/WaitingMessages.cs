using Parley.Core.Links;

namespace Parley.Core.Messages;

/// <summary>Ends what waits for credits of a link that will never have any again.</summary>
internal static class WaitingMessages
{
    /// <summary>Refuses what waits on the link and tells the senders why; returns the places of the notices in their inboxes.</summary>
    public static async ValueTask<List<InboxPosition>> RefuseAsync(IUnitOfWork unit, Link link, string reason, DateTimeOffset now)
    {
        var positions = new List<InboxPosition>();
        if (await unit.Links.StateAsync(link.Id) is not { Waiting: > 0 } state)
        {
            return positions;
        }

        foreach (var delivery in await unit.Deliveries.DeferredAsync(link.Id, Limits.DeferredPerLink))
        {
            unit.Deliveries.End(delivery.MessageId, delivery.AgentId, DeliveryState.Refused, reason, now);
            unit.Obligations.End(delivery.MessageId, delivery.AgentId);
            await unit.Messages.ReleaseAsync(delivery.MessageId, Withheld.Refused, editedContent: null);
            var message = (await unit.Messages.FindAsync(link.OrganizationId, delivery.MessageId))!;
            if (await unit.Agents.FindAsync(link.OrganizationId, message.SenderId) is { RemovedAt: null })
            {
                var text = $"Message {message.Id} was not delivered to '{delivery.AgentName}': {reason}";
                positions.Add(await SystemNotice.WriteAsync(unit, link.OrganizationId, message.SenderId, "link_removed", text, message.Id, now));
            }
        }

        unit.Links.SaveState(state with { Waiting = 0 });
        return positions;
    }
}
