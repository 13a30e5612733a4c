using System.Globalization;
using Parley.Core;
using Parley.Core.Nodes;

namespace Parley.Storage.Migrations;

/// <summary>
/// Brings a database up to date, one step and one transaction at a time; several nodes may start at once. A program that knows less than the database works on it where every step that it does not know
/// says so; a step that some running node could not live with waits until that node has gone.
/// </summary>
internal sealed class MigrationRunner(IEngine engine, IReadOnlyList<Migration> migrations, TimeProvider time)
{
    /// <summary>Any fixed number: the key of the PostgreSQL advisory lock that lets one node migrate at a time.</summary>
    private const long LockKey = 0x5061726c6579;

    /// <summary>The step since which nodes say what they know.</summary>
    private const int NodesTell = 16;

    private const string CreateTable =
        "create table if not exists schema_migrations(number integer primary key, name text not null, applied_at bigint not null, compatible_from integer)";

    /// <summary>The number of steps applied.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var applied = 0;
        while (await engine.WriteAsync(ApplyNextAsync, ct))
            applied++;
        return applied;
    }

    /// <summary>The least number that a program must know to work on the database as it is.</summary>
    public static async ValueTask<int> NeededAsync(Session session) =>
        await session.FirstAsync("select coalesce(max(coalesce(compatible_from, number)), 0) from schema_migrations", row => row.Int(0));

    /// <summary>The refusal of a program that knows less than the database needs.</summary>
    public static ParleyError Newer(int found, int needed, int known) => new(ErrorCode.StorageUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"The database was written by a newer Parley (migration {found}, this program knows {known})."),
        string.Create(CultureInfo.InvariantCulture, $"Upgrade this program to a version that knows migration {needed}, or restore a backup made before the upgrade."));

    /// <summary>False when nothing is left to do.</summary>
    private async ValueTask<bool> ApplyNextAsync(Session session)
    {
        if (session.Dialect.IsPostgres)
            await session.FirstAsync("select 1 from (select pg_advisory_xact_lock($1)) as locked", row => row.Int(0), LockKey);
        await PrepareAsync(session);
        var done = await session.ListAsync("select number from schema_migrations", row => row.Int(0));
        var known = migrations.Count == 0 ? 0 : migrations[^1].Number;
        if (await NeededAsync(session) is var needed && needed > known)
            throw Newer(done.Max(), needed, known);
        var next = migrations.FirstOrDefault(migration => !done.Contains(migration.Number));
        if (next is null)
            return false;
        if (session.Dialect.IsPostgres)
        {
            if (done.Contains(NodesTell))
                await RefuseWhileOlderRunAsync(session, next);
            // Whoever waits for a table keeps all others from it: rather try again.
            await session.ScriptAsync("set local lock_timeout = '3s'");
        }
        await session.ScriptAsync(next.Sql);
        await session.ExecuteAsync(
            "insert into schema_migrations(number, name, applied_at, compatible_from) values ($1, $2, $3, $4)", next.Number, next.Name, time.GetUtcNow(), next.CompatibleFrom);
        return true;
    }

    private static async ValueTask PrepareAsync(Session session)
    {
        await session.ScriptAsync(CreateTable);
        var columns = session.Dialect.IsPostgres
            ? "select count(*) from pg_attribute where attrelid = to_regclass('schema_migrations') and attname = 'compatible_from'"
            : "select count(*) from pragma_table_info('schema_migrations') where name = 'compatible_from'";
        if (await session.FirstAsync(columns, row => row.Int(0)) == 0)
            await session.ScriptAsync("alter table schema_migrations add column compatible_from integer");
    }

    private static async ValueTask RefuseWhileOlderRunAsync(Session session, Migration next)
    {
        var older = await session.FirstAsync(
            $"select name, schema from nodes where schema < $1 and seen_at > {session.Dialect.Now} - $2 order by schema, name limit 1", row => (Name: row.Text(0), Schema: row.Int(1)),
            next.CompatibleFrom, NodeOverview.LostAfter.Ticks / TimeSpan.TicksPerMicrosecond);
        if (older.Name is not null)
            throw new ParleyError(ErrorCode.StorageUnavailable,
                string.Create(CultureInfo.InvariantCulture, $"The node {older.Name} still runs and knows migration {older.Schema}; it could not work with migration {next.Number}, which needs {next.CompatibleFrom}."),
                "Stop that node first ('parley nodes' lists them; one that was killed counts for 15 seconds), or upgrade through the versions in between.");
    }
}
