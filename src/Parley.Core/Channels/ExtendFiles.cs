using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>Lets an announcement stand longer, or shorter. Only the agent that made it.</summary>
public sealed class ExtendFiles(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the lease, which now ends that long from now (null is 15 minutes). Throws <c>not_found</c> where it ended or is another agent's.</summary>
    public Task<FileLease> RunAsync(Caller caller, string? project, Guid id, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        caller.RequireAgent();
        caller.Require(Scopes.Send);
        return database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var end = LeaseRules.EndOf(timeToLive, now);
                var lease = await LeaseLookup.ChangeableAsync(unit, caller, project, id, now);
                unit.FileLeases.Extend(id, end);
                return lease with { ExpiresAt = end };
            },
            cancellationToken);
    }
}
