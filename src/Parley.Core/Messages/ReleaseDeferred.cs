using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Puts deferred messages into their inboxes when their link has credits again: in the order accepted, at most once each.</summary>
public sealed class ReleaseDeferred(IDatabase database, HaltBoard halts, IWake wake, TimeProvider time, params IEnumerable<IMessageFollower> followers)
{
    private const int LinksAtOnce = 100;

    /// <summary>Releases what is due; true where more is due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Links.DueAsync(time.GetUtcNow(), LinksAtOnce), cancellationToken);
        var released = 0;
        foreach (var (organizationId, linkId) in due)
        {
            if (halts.Find(HaltScope.Server, Guid.Empty) is null && halts.Find(HaltScope.Organization, organizationId) is null && halts.Find(HaltScope.Link, linkId) is null)
            {
                var positions = await database.WriteAsync(unit => ReleaseAsync(unit, organizationId, linkId, time.GetUtcNow()), cancellationToken);
                Wakes.Send(wake, organizationId, positions);
                Telemetry.Delivered(DeliveryState.Pending, positions.Count);
                released += positions.Count;
            }
        }

        return due.Count == LinksAtOnce && released > 0;
    }

    /// <summary>Releases what one link may release, within a write.</summary>
    private async ValueTask<List<InboxPosition>> ReleaseAsync(IUnitOfWork unit, Guid organizationId, Guid linkId, DateTimeOffset now)
    {
        var link = await unit.Links.FindAsync(organizationId, linkId);
        if (link is not { RemovedAt: null, Settings.Enabled: true } || await unit.Links.StateAsync(linkId) is not { } state)
        {
            return [];
        }

        var (after, released) = Quota.Release(state, link.Settings, now);
        unit.Links.SaveState(after);
        var positions = new List<InboxPosition>(released);
        foreach (var delivery in released == 0 ? [] : await unit.Deliveries.DeferredAsync(linkId, released))
        {
            var number = await unit.Deliveries.ReleaseAsync(delivery.MessageId, delivery.AgentId, now);
            await unit.Messages.ReleaseAsync(delivery.MessageId, Withheld.No, editedContent: null);
            positions.Add(new InboxPosition(delivery.AgentId, number));
            foreach (var follower in followers)
            {
                await follower.SaidAsync(unit, (await unit.Messages.FindAsync(organizationId, delivery.MessageId))!, now);
            }
        }

        return positions;
    }
}
