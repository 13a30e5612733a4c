using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Removes a link. Its conversation stays readable; what waits for credits is refused, and its sender can see why.</summary>
public sealed class RemoveLink(IDatabase database, TimeProvider time)
{
    private const string Reason = "The link was removed.";

    /// <summary>Returns the link as it was. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<Link> RunAsync(Caller caller, Guid id, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "link.remove", id.ToString(), Role.Member,
        async (unit, now) =>
        {
            var (link, _, _) = await LinkLookup.ManagedAsync(unit, caller, id);
            if (await unit.Links.StateAsync(id) is { Waiting: > 0 } state)
            {
                await RefuseWaitingAsync(unit, link, now);
                unit.Links.SaveState(state with { Waiting = 0 });
            }

            await unit.Halts.ClearAsync(HaltScope.Link, id);
            unit.Links.Remove(id, now);
            return link;
        },
        cancellationToken);

    private static async ValueTask RefuseWaitingAsync(IUnitOfWork unit, Link link, DateTimeOffset now)
    {
        foreach (var delivery in await unit.Deliveries.DeferredAsync(link.Id, Limits.DeferredPerLink))
        {
            unit.Deliveries.End(delivery.MessageId, delivery.AgentId, DeliveryState.Refused, Reason, now);
            unit.Obligations.End(delivery.MessageId, delivery.AgentId);
            if (await unit.Messages.FindAsync(link.OrganizationId, delivery.MessageId) is { Withheld: Withheld.Deferred })
            {
                await unit.Messages.ReleaseAsync(delivery.MessageId, Withheld.Refused, editedContent: null);
            }
        }
    }
}
