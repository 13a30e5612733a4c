using Parley.Core;

namespace Parley.Storage;

/// <summary>The durable store over one of the two engines.</summary>
public sealed class Database : IDatabase, IAsyncDisposable
{
    private const string EpochKey = "epoch";
    private readonly IEngine engine;

    private Database(IEngine engine, string epoch, string durability)
    {
        this.engine = engine;
        Epoch = epoch;
        Durability = durability;
    }

    /// <inheritdoc/>
    public int PipelineDepth => engine.PipelineDepth;

    /// <inheritdoc/>
    public string Epoch { get; private set; }

    /// <inheritdoc/>
    public string Durability { get; }

    /// <inheritdoc/>
    public bool IsPostgres => engine.Dialect.IsPostgres;

    /// <inheritdoc/>
    public StorageHealth Health => engine.Health;

    internal IEngine Engine => engine;

    /// <summary>Opens the database that the options name, creates it where it is missing and brings its schema up to date.</summary>
    public static async Task<Database> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var engine = await StorageFactory.OpenAsync(options, time, cancellationToken);
        try
        {
            var epoch = await engine.WriteAsync(ReadEpochAsync, cancellationToken);
            return new Database(engine, epoch, options.Relaxed ? "relaxed" : "disk");
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.WriteAsync(session => work(new UnitOfWork(session, writing: true)), cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => work(new UnitOfWork(session, writing: false)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    /// <summary>Reads the epoch again, after a restore.</summary>
    internal async Task RenewEpochAsync(CancellationToken cancellationToken) => Epoch = await engine.WriteAsync(ReadEpochAsync, cancellationToken);

    private static async ValueTask<string> ReadEpochAsync(Session session)
    {
        session.Queue("insert into store (key, value) values ($1, $2) on conflict do nothing", EpochKey, Guid.NewGuid().ToString("N")[..8]);
        return (await session.FirstAsync("select value from store where key = $1", row => row.Text(0), EpochKey))!;
    }
}
