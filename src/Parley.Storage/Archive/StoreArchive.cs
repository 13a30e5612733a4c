using System.Globalization;
using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage.Archive;

/// <summary>Backups of one database.</summary>
/// <param name="engine">The database.</param>
/// <param name="spoolFolder">Where a backup is kept while it is verified.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreArchive(IEngine engine, string spoolFolder, TimeProvider time) : IStoreArchive
{
    private const int PageRows = 500;

    public Task<BackupSummary> SaveAsync(Stream target, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            async session =>
            {
                await using var writer = new BackupWriter(target);
                if (session.Dialect.IsPostgres)
                {
                    // Whoever takes the backup may be slow; nobody waits for a snapshot.
                    await session.ScriptAsync("set local idle_in_transaction_session_timeout = 0");
                }

                var tables = await Schema.ReadAsync(session);
                var epoch = await session.FirstAsync("select value from store where key = $1", row => row.Text(0), Database.EpochKey);
                var rows = new Dictionary<string, long>();
                var summary = new BackupSummary(await Schema.NumberAsync(session), epoch!, time.GetUtcNow(), rows);
                writer.Header(summary.Schema, summary.Epoch, summary.CreatedAt);
                foreach (var table in tables)
                {
                    rows[table.Name] = await SaveAsync(session, table, writer, progress, rows.Values.Sum(), cancellationToken);
                }

                await writer.EndAsync(summary, cancellationToken);
                return summary;
            },
            cancellationToken);

    public async Task<BackupSummary> RestoreAsync(
        Stream source, Func<IUnitOfWork, ValueTask> before, Func<IUnitOfWork, BackupSummary, ValueTask> after, IProgress<ArchiveProgress>? progress,
        CancellationToken cancellationToken)
    {
        await using var spool = await SpoolAsync(source, cancellationToken);
        await Task.Run(() => Verify(spool, progress, cancellationToken), cancellationToken);
        return await engine.WriteAsync(
            async session =>
            {
                var unit = new UnitOfWork(session, writing: true);
                await before(unit);
                spool.Position = 0;
                using var reader = new BackupReader(spool);
                await new Replacement(session, reader, progress, cancellationToken).RunAsync();
                await session.ExecuteAsync(
                    "insert into store (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value", Database.EpochKey, Database.NewEpoch());
                await after(unit, reader.Summary);
                return reader.Summary;
            },
            cancellationToken);
    }

    /// <summary>Pages by the primary key: flat memory, and whoever stops early has not asked for the whole table.</summary>
    private static async ValueTask<long> SaveAsync(
        Session session, Table table, BackupWriter writer, IProgress<ArchiveProgress>? progress, long before, CancellationToken cancellationToken)
    {
        writer.Table(table);
        var positions = table.Key.ToDictionary(column => column, column => table.Columns.ToList().IndexOf(column));
        var names = string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""));
        var key = string.Join(", ", table.Key.Select(column => $"\"{column.Name}\""));
        var marks = string.Join(", ", table.Key.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"${i + 1}")));
        var limit = string.Create(CultureInfo.InvariantCulture, $"order by {key} limit {PageRows}");
        var rest = $"select {names} from \"{table.Name}\" where ({key}) > ({marks}) {limit}";
        var page = await session.ListAsync($"select {names} from \"{table.Name}\" {limit}", Copy);
        long rows = page.Count;
        while (page.Count == PageRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.FlushAsync(cancellationToken);
            page = await session.ListAsync(rest, Copy, page[^1]);
            rows += page.Count;
            progress?.Report(new ArchiveProgress("save", table.Name, before + rows));
        }

        await writer.FlushAsync(cancellationToken);
        return rows;

        object?[] Copy(Row row)
        {
            writer.Row(row, table.Columns);
            return [.. table.Key.Select(column => KeyOf(row, positions[column], column.Kind))];
        }
    }

    private static object KeyOf(Row row, int i, ValueKind kind) => kind switch
    {
        ValueKind.Integer => row.Long(i),
        ValueKind.Text => row.Text(i),
        ValueKind.Id => row.Guid(i),
        ValueKind.Bytes => row.Bytes(i),
        _ => throw new InvalidOperationException("A number with a fraction is no key."),
    };

    private static void Verify(Stream spool, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken)
    {
        spool.Position = 0;
        using var reader = new BackupReader(spool);
        while (reader.NextTable() is { } table)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = new object?[table.Columns.Count];
            while (reader.NextRow(values))
            {
            }

            progress?.Report(new ArchiveProgress("verify", table.Name, reader.Summary.Rows.Values.Sum()));
        }
    }

    private async Task<FileStream> SpoolAsync(Stream source, CancellationToken cancellationToken)
    {
        const int NoSpace = 28;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var spool = new FileStream(Path.Combine(spoolFolder, $"restore-{Guid.NewGuid():n}.tmp"), options);
        try
        {
            await source.CopyToAsync(spool, cancellationToken);
            await spool.FlushAsync(cancellationToken);
            return spool;
        }
        catch (IOException failure) when ((failure.HResult & 0xFFFF) == NoSpace)
        {
            await spool.DisposeAsync();
            throw StorageErrors.Full(failure);
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }
}
