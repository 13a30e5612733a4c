using Parley.Core.Organizations;

namespace Parley.Core.Links;

/// <summary>Finds one link.</summary>
public sealed class FindLink(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the link. Throws <c>not_found</c> for one that does not exist or that the caller may not know of.</summary>
    public Task<LinkOverview> RunAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var (link, one, other) = await LinkLookup.VisibleAsync(unit, caller, id);
                return LinkOverview.From(link, one, other, await unit.Links.StateAsync(id), time.GetUtcNow());
            },
            cancellationToken);
    }
}
