using Parley.Core.Organizations;

namespace Parley.Core.Maintenance;

/// <summary>Writes a backup of the whole store, all organizations, while it is in use.</summary>
public sealed class BackupStore(IDatabase database, IStoreArchive archive, TimeProvider time)
{
    /// <summary>
    /// Writes the state of one moment to the stream, which stays open: gzipped JSON Lines that either kind of database can restore, and whose last
    /// line tells whether it is complete. It holds the hashes of tokens and every message; keep it as safe as the store. Owners only.
    /// </summary>
    public async Task<BackupSummary> RunAsync(Caller caller, Stream target, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken)
    {
        await database.ChangeAsync(caller, time, "store.backup", "store", Role.Owner, (_, _) => ValueTask.FromResult(true), cancellationToken);
        return await archive.SaveAsync(target, progress, cancellationToken);
    }
}
