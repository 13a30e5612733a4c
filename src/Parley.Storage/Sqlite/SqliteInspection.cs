using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage.Sqlite;

/// <summary>What can be said of the database file, its log and its disk.</summary>
internal sealed class SqliteInspection(SqliteFile file, TimeProvider time)
{
    private const long Mebibyte = 1024 * 1024;
    private static readonly TimeSpan CheckTime = TimeSpan.FromSeconds(5);

    public async Task<List<Finding>> RunAsync(CancellationToken cancellationToken) => [await IntegrityAsync(cancellationToken), Log(), Disk()];

    private async Task<Finding> IntegrityAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CheckTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var verdict = await Task.Run(() => file.QuickCheck(either.Token), cancellationToken);
        return verdict switch
        {
            "ok" => Finding.Fine("integrity", "The file passed SQLite's quick check."),
            null => new Finding("integrity", FindingStatus.Ok, "SQLite's quick check found nothing wrong in 5 s but did not reach the end of the file.", "For the whole file: sqlite3 parley.db 'pragma quick_check'"),
            _ => new Finding("integrity", FindingStatus.Fault, $"The file is damaged: {verdict}", "Stop the server, keep the file, and restore a backup."),
        };
    }

    private Finding Log()
    {
        var size = file.LogBytes;
        var text = $"The log beside the database has {ByteSize.Text(size)}.";
        return size < 1024 * Mebibyte
            ? Finding.Fine("log", text)
            : new Finding("log", FindingStatus.Warning, text, "A read has been running for long, a backup perhaps: the log shrinks after it has ended.");
    }

    private Finding Disk()
    {
        var free = new DriveInfo(Path.GetDirectoryName(file.Path)!).AvailableFreeSpace;
        var text = $"The disk of the database has {ByteSize.Text(free)} free.";
        return free switch
        {
            < 64 * Mebibyte => new Finding("database's disk", FindingStatus.Fault, text, "Free space before sends are refused as storage_full."),
            < 1024 * Mebibyte => new Finding("database's disk", FindingStatus.Warning, text, "Free space, or let retention delete old messages."),
            _ => Finding.Fine("database's disk", text),
        };
    }
}
