namespace Parley.Core.Maintenance;

/// <summary>What a backup file holds.</summary>
/// <param name="Schema">The number of the schema it was taken from.</param>
/// <param name="Epoch">The epoch of the store it was taken from.</param>
/// <param name="CreatedAt">The moment whose state it is.</param>
/// <param name="Rows">How many rows of each table.</param>
public sealed record BackupSummary(int Schema, string Epoch, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, long> Rows);

/// <summary>How far a backup or restore has come.</summary>
/// <param name="Step">What is done: <c>save</c>, <c>verify</c> or <c>restore</c>.</param>
/// <param name="Table">The table that is copied.</param>
/// <param name="Rows">Rows of all tables so far.</param>
public readonly record struct ArchiveProgress(string Step, string Table, long Rows);

/// <summary>Copies the whole store out and in, between databases of either kind.</summary>
public interface IStoreArchive
{
    /// <summary>Writes one consistent snapshot to the stream, which stays open. Writers go on meanwhile.</summary>
    Task<BackupSummary> SaveAsync(Stream target, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the stream to its end and verifies it before anything is touched; then, in one transaction, runs <paramref name="before"/>, replaces
    /// every row, gives the store a new epoch and runs <paramref name="after"/>. Where anything throws, nothing has changed. Throws
    /// <c>invalid_request</c> for a stream that is no complete backup or comes from a newer schema.
    /// </summary>
    Task<BackupSummary> RestoreAsync(
        Stream source, Func<IUnitOfWork, ValueTask> before, Func<IUnitOfWork, BackupSummary, ValueTask> after, IProgress<ArchiveProgress>? progress,
        CancellationToken cancellationToken);
}
