using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Parley;

/// <summary>The embedded default. Debian's `sqlite3` writes to the file beside the server, as SQLite allows.</summary>
sealed class SqliteDatabase(string folder) : IParleyDatabase
{
    static readonly DebianPackage Package = new("sqlite3", DebianPackage.At("/usr/bin/sqlite3"));

    public IReadOnlyList<int> ProcessIds => [];

    public string[] ServeOptions => [];

    public Task LiftQuotaAsync(Guid link, CancellationToken cancellation) =>
        RunAsync($"update links set messages_per_window = 1000000000 where id = x'{Convert.ToHexString(link.ToByteArray(bigEndian: true))}';", cancellation);

    public async Task RunAsync(string sql, CancellationToken cancellation) =>
        await new Command(await Package.LocateAsync(install: false, cancellation), "-cmd", ".timeout 5000", Path.Combine(folder, "parley.db"), sql).RunAsync(cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
