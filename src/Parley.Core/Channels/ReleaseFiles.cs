namespace Parley.Core.Channels;

/// <summary>Ends an announcement: the agent that made it, or a person.</summary>
public sealed class ReleaseFiles(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the lease as it ended. Throws <c>not_found</c> where it ended before or is another agent's.</summary>
    public Task<FileLease> RunAsync(Caller caller, string? project, Guid id, CancellationToken cancellationToken)
    {
        ChannelLookup.Require(caller);
        return database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var lease = await LeaseLookup.ChangeableAsync(unit, caller, project, id, now);
                unit.FileLeases.Release(id, now);
                if (!caller.IsAgent)
                {
                    unit.Audit.Append(Organizations.AuditEntry.Allowed(caller, now, "lease.release", $"{lease.AgentName} {id}"));
                }

                return lease with { ReleasedAt = now };
            },
            cancellationToken);
    }
}
