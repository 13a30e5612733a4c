using Parley.Core.Organizations;
using Parley.Storage;

namespace Parley.Tests.Storage.Conformance;

/// <summary>One database of one test, which may be opened again, and on PostgreSQL by several nodes at once.</summary>
public abstract class TestStore : IAsyncDisposable
{
    /// <summary>When every test begins: the clocks of the houses start here.</summary>
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract Task<StorageOptions> OptionsAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>The engine lives by the system's clock; only the rules of Parley live by the test's.</summary>
    public async Task<Database> OpenAsync() => await Database.OpenAsync(await OptionsAsync(), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Fills the database that all others of its kind are copied from.</summary>
    private protected static async Task PrepareAsync(StorageOptions options)
    {
        await using var database = await Database.OpenAsync(options, TimeProvider.System, CancellationToken.None);
        await new Bootstrap(database, new ManualTimeProvider(Start)).RunAsync(CancellationToken.None);
    }
}

/// <summary>A file in a folder of its own.</summary>
public sealed class SqliteStore : TestStore
{
    private static readonly Lazy<Task<byte[]>> Template = new(PrepareAsync);
    private readonly TempFolder folder = new();

    public string File => folder["parley.db"];

    private protected override async Task<StorageOptions> OptionsAsync()
    {
        var file = File;
        if (!System.IO.File.Exists(file))
        {
            await System.IO.File.WriteAllBytesAsync(file, await Template.Value);
        }

        return new StorageOptions { SqlitePath = file };
    }

    public override ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<byte[]> PrepareAsync()
    {
        using var folder = new TempFolder();
        var file = folder["template.db"];
        await PrepareAsync(new StorageOptions { SqlitePath = file });
        return await System.IO.File.ReadAllBytesAsync(file);
    }
}

/// <summary>A database on <see cref="PostgresServer"/>; without a server the test is skipped.</summary>
public sealed class PostgresStore : TestStore
{
    private PostgresDatabase? database;

    private protected override async Task<StorageOptions> OptionsAsync()
    {
        database ??= await PostgresServer.CreateDatabaseFromAsync("parley", address => PrepareAsync(new StorageOptions { PostgresConnectionString = address }));
        return new StorageOptions { PostgresConnectionString = database.ConnectionString, PostgresConnections = 12 };
    }

    public override ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
