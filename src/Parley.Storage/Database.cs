using System.Globalization;
using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Storage.Archive;
using Parley.Storage.Inspection;
using Parley.Storage.Migrations;
using Parley.Storage.Stores;

namespace Parley.Storage;

/// <summary>The durable store over one of the two engines.</summary>
public sealed class Database : IDatabase, IAsyncDisposable
{
    internal const string EpochKey = "epoch";
    private const string LineageKey = "lineage";
    private readonly IEngine engine;
    private readonly KnownPeers known = new();
    private readonly Witnesses witnesses = new();
    private readonly int schema;
    private volatile string epoch;
    private volatile Lineage? lineage;

    private Database(IEngine engine, string epoch, int schema, StorageOptions options, TimeProvider time)
    {
        this.engine = engine;
        this.epoch = epoch;
        this.schema = schema;
        var folder = options.SpoolFolder ?? (options.SqlitePath is { } file ? Path.GetDirectoryName(Path.GetFullPath(file))! : Path.GetTempPath());
        Archive = new StoreArchive(engine, folder, time);
        Inspector = new StoreInspector(engine, time);
    }

    /// <inheritdoc/>
    public event Action? Restored;

    /// <inheritdoc/>
    public event Func<CancellationToken, Task>? Resuming;

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
    public static Task<Database> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(options, Migration.Embedded, time, cancellationToken);

    /// <summary>As a program does that knows those migrations.</summary>
    internal static async Task<Database> OpenAsync(
        StorageOptions options, Func<Dialect, IReadOnlyList<Migration>> migrations, TimeProvider time, CancellationToken cancellationToken)
    {
        var engine = await StorageFactory.OpenAsync(options, migrations, time, cancellationToken);
        try
        {
            var lineage = engine.Lineage;
            var schema = migrations(engine.Dialect)[^1].Number;
            var epoch = await engine.WriteAsync(session => ReadEpochAsync(session, lineage, schema, witnesses: null), cancellationToken);
            var database = new Database(engine, epoch, schema, options, time) { lineage = lineage };
            engine.Settle = database.SettleAsync;
            return database;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) => IsPostgres
        ? WitnessedAsync(work, cancellationToken)
        : engine.WriteAsync(session => work(new UnitOfWork(session, writing: true, known, schema)), cancellationToken);

    /// <inheritdoc/>
    public Task<T> WriteUrgentlyAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.WriteAsync(session => work(new UnitOfWork(session, writing: true, known, schema)), cancellationToken, urgent: true);

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => work(new UnitOfWork(session, writing: false, known, schema)), cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReadUrgentlyAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => work(new UnitOfWork(session, writing: false, known, schema)), cancellationToken, urgent: true);

    /// <inheritdoc/>
    public async Task<bool> RefreshEpochAsync(CancellationToken cancellationToken)
    {
        await engine.RefreshAsync(cancellationToken);
        if (engine.Lineage != lineage && engine.Health.State == StorageState.Ready)
        {
            return await GoOnAsync(engine.Lineage, cancellationToken);
        }

        var (found, needed) = await engine.ReadAsync(
            async session => (await session.FirstAsync("select value from store where key = $1", row => row.Text(0), EpochKey), await MigrationRunner.NeededAsync(session)),
            cancellationToken, urgent: true);
        if (needed > schema && engine.Health.State == StorageState.Ready)
        {
            engine.Doubt(Outgrown(needed, schema));
        }

        return Adopt(found);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    /// <summary>Writes down where the store goes on, with a new epoch where something may have been lost on the way, and takes over the epoch that holds.</summary>
    private async Task<bool> GoOnAsync(Lineage? now, CancellationToken cancellationToken)
    {
        var moved = now?.Timeline != lineage?.Timeline;
        var changed = Adopt(await engine.WriteAsync(session => ReadEpochAsync(session, now, schema, moved ? witnesses : null), cancellationToken, urgent: true));
        lineage = now;
        if (moved)
        {
            witnesses.Clear();
        }

        return changed;
    }

    private async Task<T> WitnessedAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        UnitOfWork? last = null; // of the run that was committed
        var result = await engine.WriteAsync(session => work(last = new UnitOfWork(session, writing: true, known, schema)), cancellationToken);
        if (last?.Said is { } message)
        {
            witnesses.Note(message);
        }

        return result;
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await GoOnAsync(engine.Lineage, cancellationToken);
        foreach (var resuming in Resuming?.GetInvocationList() ?? [])
        {
            await ((Func<CancellationToken, Task>)resuming)(cancellationToken);
        }
    }

    private bool Adopt(string? found)
    {
        if (found is null || Interlocked.Exchange(ref epoch, found) == found)
            return false;
        Restored?.Invoke();
        return true;
    }

    /// <summary>A newer program has changed the schema so that this one must not write any more.</summary>
    private static ParleyError Outgrown(int needed, int known) => new(ErrorCode.StorageUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"a newer Parley has changed the schema: migration {needed} is needed, this program knows {known}"), "Upgrade this node.");

    private static async ValueTask<string> ReadEpochAsync(Session session, Lineage? now, int schema, Witnesses? witnesses)
    {
        if (await MigrationRunner.NeededAsync(session) is var needed && needed > schema)
        {
            throw Outgrown(needed, schema);
        }

        session.Queue("insert into store (key, value) values ($1, $2) on conflict do nothing", EpochKey, NewEpoch());
        if (now is not null)
        {
            session.Queue("insert into store (key, value) values ($1, $2) on conflict do nothing", LineageKey, now.ToString());
            var before = Lineage.Parse((await session.FirstAsync("select value from store where key = $1" + session.Dialect.ForUpdate, row => row.Text(0), LineageKey))!);
            if (before != now)
                session.Queue("update store set value = $2 where key = $1", LineageKey, now.ToString());
            // Who has just started saw nothing: what had waited for a standby may be missing as well, as after a recovery to a point in time.
            var lost = witnesses is null ? before.Timeline != now.Timeline : before.MayLose(now) || await witnesses.MissAsync(session);
            if (lost)
                session.Queue("update store set value = $2 where key = $1", EpochKey, NewEpoch());
        }

        return (await session.FirstAsync("select value from store where key = $1", row => row.Text(0), EpochKey))!;
    }

    internal static string NewEpoch() => Guid.NewGuid().ToString("N")[..8];
}
