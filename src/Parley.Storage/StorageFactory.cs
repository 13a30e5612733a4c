using Parley.Core;
using Parley.Storage.Migrations;
using Parley.Storage.Postgres;
using Parley.Storage.Sqlite;

namespace Parley.Storage;

/// <summary>Opens the database that the options name and brings its schema up to date.</summary>
internal static class StorageFactory
{
    public static Task<IEngine> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken ct) =>
        OpenAsync(options, Migration.Embedded, time, ct);

    public static async Task<IEngine> OpenAsync(
        StorageOptions options, Func<Dialect, IReadOnlyList<Migration>> migrations, TimeProvider time, CancellationToken ct)
    {
        IEngine engine = options switch
        {
            { SqlitePath: not null, PostgresConnectionString: null } => new SqliteEngine(options, time),
            { SqlitePath: null, PostgresConnectionString: not null } => await PostgresEngine.OpenAsync(options, time, ct),
            _ => throw ParleyError.Invalid("database", "Exactly one database must be named.", "Give either a SQLite path or a PostgreSQL connection string."),
        };
        try
        {
            await new MigrationRunner(engine, migrations(engine.Dialect), time).RunAsync(ct);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }
}
