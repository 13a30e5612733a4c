namespace Parley.Storage.Archive;

/// <summary>Lifts the triggers that forbid changing the audit log, for one transaction, and keeps other nodes from writing meanwhile.</summary>
internal sealed class Triggers(Session session)
{
    private List<string> restore = [];

    /// <summary>Lets readers go on and makes writers of every node wait for the end. SQLite has one writer anyway.</summary>
    public async ValueTask LockAsync(IEnumerable<Table> tables)
    {
        if (session.Dialect.IsPostgres)
        {
            await session.ScriptAsync($"lock table {string.Join(", ", tables.Select(table => $"\"{table.Name}\""))} in exclusive mode");
        }
    }

    public async ValueTask DropAsync()
    {
        if (session.Dialect.IsPostgres)
        {
            var guarded = await session.ListAsync(
                """
                select distinct c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
                where not t.tgisinternal and c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
                """,
                row => row.Text(0));
            foreach (var table in guarded)
            {
                await session.ScriptAsync($"alter table \"{table}\" disable trigger user");
            }

            restore = guarded.ConvertAll(table => $"alter table \"{table}\" enable trigger user");
            return;
        }

        var triggers = await session.ListAsync(
            "select name, sql from sqlite_master where type = 'trigger' and tbl_name in (select name from sqlite_master where type = 'table')", row => (Name: row.Text(0), Sql: row.Text(1)));
        foreach (var (name, _) in triggers)
        {
            await session.ScriptAsync($"drop trigger \"{name}\"");
        }

        restore = triggers.ConvertAll(trigger => trigger.Sql);
    }

    public async ValueTask RestoreAsync()
    {
        foreach (var sql in restore)
        {
            await session.ScriptAsync(sql);
        }
    }
}
