using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Removes a link. Its conversation stays readable; what waits for credits is refused, and its sender is told why.</summary>
public sealed class RemoveLink(IDatabase database, IWake wake, TimeProvider time)
{
    /// <summary>Returns the link as it was. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public async Task<Link> RunAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        var (removed, told) = await database.ChangeAsync(
            caller, time, "link.remove", id.ToString(), Role.Member,
            async (unit, now) =>
            {
                var (link, _, _) = await LinkLookup.ManagedAsync(unit, caller, id);
                var positions = await WaitingMessages.RefuseAsync(unit, link, "The link was removed.", now);
                await unit.Halts.ClearAsync(HaltScope.Link, id);
                unit.Links.Remove(id, now);
                return (link, positions);
            },
            cancellationToken);
        Wakes.Send(wake, caller.OrganizationId, told);
        return removed;
    }
}
