using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Storage.Archive;
using Parley.Storage.Inspection;
using Parley.Storage.Stores;

namespace Parley.Storage;

/// <summary>The durable store over one of the two engines.</summary>
public sealed class Database : IDatabase, IAsyncDisposable
{
    internal const string EpochKey = "epoch";
    private readonly IEngine engine;
    private readonly KnownPeers known = new();
    private volatile string epoch;

    private Database(IEngine engine, string epoch, StorageOptions options, TimeProvider time)
    {
        this.engine = engine;
        this.epoch = epoch;
        var folder = options.SpoolFolder ?? (options.SqlitePath is { } file ? Path.GetDirectoryName(Path.GetFullPath(file))! : Path.GetTempPath());
        Archive = new StoreArchive(engine, folder, time);
        Inspector = new StoreInspector(engine, time);
    }

    /// <inheritdoc/>
    public event Action? Restored;

    /// <inheritdoc/>
    public int PipelineDepth => engine.PipelineDepth;

    /// <inheritdoc/>
    public string Epoch => epoch;

    /// <inheritdoc/>
    public string Durability => engine.Durability;

    /// <inheritdoc/>
    public bool IsPostgres => engine.Dialect.IsPostgres;

    /// <inheritdoc/>
    public StorageHealth Health => engine.Health;

    /// <inheritdoc/>
    public event Action<StorageHealth>? HealthChanged
    {
        add => engine.HealthChanged += value;
        remove => engine.HealthChanged -= value;
    }

    /// <summary>Backups of this database.</summary>
    public IStoreArchive Archive { get; }

    /// <summary>The checks of this database.</summary>
    public IStoreInspector Inspector { get; }

    internal IEngine Engine => engine;

    /// <summary>Opens the database that the options name, creates it where it is missing and brings its schema up to date.</summary>
    public static async Task<Database> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var engine = await StorageFactory.OpenAsync(options, time, cancellationToken);
        try
        {
            var epoch = await engine.WriteAsync(ReadEpochAsync, cancellationToken);
            return new Database(engine, epoch, options, time);
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.WriteAsync(session => work(new UnitOfWork(session, writing: true, known)), cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => work(new UnitOfWork(session, writing: false, known)), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RefreshEpochAsync(CancellationToken cancellationToken)
    {
        await engine.RefreshAsync(cancellationToken);
        var found = await engine.ReadAsync(session => session.FirstAsync("select value from store where key = $1", row => row.Text(0), EpochKey), cancellationToken);
        if (found is null || Interlocked.Exchange(ref epoch, found) == found)
            return false;
        Restored?.Invoke();
        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private static async ValueTask<string> ReadEpochAsync(Session session)
    {
        session.Queue("insert into store (key, value) values ($1, $2) on conflict do nothing", EpochKey, NewEpoch());
        return (await session.FirstAsync("select value from store where key = $1", row => row.Text(0), EpochKey))!;
    }

    internal static string NewEpoch() => Guid.NewGuid().ToString("N")[..8];
}
