using Parley.Core;

namespace Parley.Storage.Migrations;

/// <summary>Brings a database up to date, one step and one transaction at a time; several nodes may start at once.</summary>
internal sealed class MigrationRunner(IEngine engine, IReadOnlyList<Migration> migrations, TimeProvider time)
{
    /// <summary>Any fixed number: the key of the PostgreSQL advisory lock that lets one node migrate at a time.</summary>
    private const long LockKey = 0x5061726c6579;

    private const string CreateTable = "create table if not exists schema_migrations(number integer primary key, name text not null, applied_at bigint not null)";

    /// <summary>The number of steps applied.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var applied = 0;
        while (await engine.WriteAsync(ApplyNextAsync, ct))
            applied++;
        return applied;
    }

    /// <summary>False when nothing is left to do.</summary>
    private async ValueTask<bool> ApplyNextAsync(Session session)
    {
        if (session.Dialect.IsPostgres)
            await session.FirstAsync("select 1 from (select pg_advisory_xact_lock($1)) as locked", row => row.Int(0), LockKey);
        await session.ScriptAsync(CreateTable);
        var done = await session.ListAsync("select number from schema_migrations", row => row.Int(0));
        var known = migrations.Count == 0 ? 0 : migrations[^1].Number;
        if (done.Count > 0 && done.Max() > known)
            throw Newer(done.Max(), known);
        var next = migrations.FirstOrDefault(migration => !done.Contains(migration.Number));
        if (next is null)
            return false;
        await session.ScriptAsync(next.Sql);
        await session.ExecuteAsync("insert into schema_migrations(number, name, applied_at) values ($1, $2, $3)", next.Number, next.Name, time.GetUtcNow());
        return true;
    }

    private static ParleyError Newer(int found, int known) => new(ErrorCode.StorageUnavailable,
        $"The database was written by a newer Parley (migration {found}, this program knows {known}).",
        "Upgrade this program to the version that wrote the database, or restore a backup made before the upgrade.");
}
