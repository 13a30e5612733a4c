using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>Lists the announcements that stand in a project.</summary>
public sealed class ListFiles(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the leases, oldest first. Throws <c>not_found</c> for a project that the caller may not know of.</summary>
    public Task<List<FileLease>> RunAsync(Caller caller, string? project, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var of = await ChannelLookup.ProjectAsync(unit, caller, project);
                var leases = await unit.FileLeases.ActiveAsync(of.Id, time.GetUtcNow());
                leases.Sort((x, y) => (x.CreatedAt, x.Id).CompareTo((y.CreatedAt, y.Id)));
                return leases;
            },
            cancellationToken);
    }
}
