using Parley.Storage;
using Parley.Storage.Migrations;
using Parley.Storage.Sqlite;

namespace Parley.Tests.Storage.Engine;

/// <summary>A folder with one SQLite database, gone after the test.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private static readonly Migration Table = new(1, "entry",
        "create table entry(id integer primary key, text text, uid blob, flag integer, at integer, data blob);");

    private SqliteEngine? _engine;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"parley-{Guid.NewGuid():n}", "data");

    public string File => Path.Combine(Folder, "parley.db");

    public async Task<SqliteEngine> OpenAsync(Action<SqlitePoint>? fault = null, int capacity = 10_000)
    {
        var options = new StorageOptions { SqlitePath = File, WriteQueueCapacity = capacity };
        _engine = new SqliteEngine(options, TimeProvider.System, fault);
        await new MigrationRunner(_engine, [Table], TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return _engine;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }
}
