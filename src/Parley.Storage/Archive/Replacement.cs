using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Storage.Stores;

namespace Parley.Storage.Archive;

/// <summary>Puts the rows of a backup in place of all rows, inside one transaction.</summary>
internal sealed class Replacement(Session session, BackupReader backup, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken)
{
    private const long ReportRows = 10_000;
    private long rows;

    public async ValueTask RunAsync()
    {
        var known = await Schema.NumberAsync(session);
        if (backup.Schema > known)
        {
            throw BackupFile.Impossible(
                $"The backup was written by a newer Parley (schema {backup.Schema}, this program knows {known}).", "Upgrade this program to the version that wrote the backup, then restore.");
        }

        var tables = await Schema.ReadAsync(session);
        await EmptyAsync(tables);
        while (backup.NextTable() is { } saved)
        {
            var table = tables.Find(table => table.Name == saved.Name)
                ?? throw BackupFile.Impossible($"The backup has a table '{saved.Name}' that this database has not.", "Restore it with the version of Parley that wrote it.");
            await FillAsync(table, saved);
        }

        await new SearchIndex(session).ClearAsync();
        if (session.Dialect.IsPostgres)
        {
            // Until it knows the new rows the planner sorts whole tables for one page.
            await session.ScriptAsync($"analyze {string.Join(", ", tables.Select(table => $"\"{table.Name}\""))}");
        }
    }

    private async ValueTask EmptyAsync(List<Table> tables)
    {
        var lift = new Triggers(session);
        await lift.LockAsync(tables);
        await lift.DropAsync();
        foreach (var table in Enumerable.Reverse(tables))
        {
            await session.ExecuteAsync($"delete from \"{table.Name}\"");
        }

        await lift.RestoreAsync();
    }

    private async ValueTask FillAsync(Table table, Table saved)
    {
        var insert = new TableInsert(session, table, saved);
        var values = new object?[saved.Columns.Count];
        try
        {
            while (backup.NextRow(values))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await insert.AddAsync(values);
                if (++rows % ReportRows == 0)
                {
                    progress?.Report(new ArchiveProgress("restore", table.Name, rows));
                }
            }

            await insert.EndAsync();
        }
        catch (ConstraintException failure)
        {
            throw BackupFile.Damaged($"its rows of {table.Name} contradict each other", failure);
        }
    }
}
