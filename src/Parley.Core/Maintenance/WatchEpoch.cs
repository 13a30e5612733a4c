namespace Parley.Core.Maintenance;

/// <summary>Learns that another node has restored the store. Run every second where nodes share a database.</summary>
public sealed class WatchEpoch(IDatabase database)
{
    /// <summary>One look; returns false because there is never more to do at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await database.RefreshEpochAsync(cancellationToken);
        return false;
    }
}
