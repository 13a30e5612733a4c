using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage.Sqlite;

/// <summary>SQLite: one writer thread with group commit, and a pool of read-only snapshots.</summary>
internal sealed class SqliteEngine : IEngine
{
    private readonly HealthState _health;
    private readonly WriteQueue _queue;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;
    private readonly SqliteInspection _inspection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _check;
    private readonly string _durability;

    public SqliteEngine(StorageOptions options, TimeProvider time, Action<SqlitePoint>? fault = null)
    {
        var file = new SqliteFile(options.SqlitePath!, options.Relaxed);
        _durability = options.Relaxed ? "relaxed" : "disk";
        _health = new HealthState(time);
        _queue = new WriteQueue(options.WriteQueueCapacity);
        _readers = new SqliteReaders(file, options.SqliteReaders);
        try
        {
            file.Create();
            var unclean = file.LogBytes > 0;
            _writer = new SqliteWriter(file, _readers, _queue, _health, time, fault);
            _inspection = new SqliteInspection(file, time);
            _check = unclean ? Task.Run(() => CheckAfterCrash(file)) : Task.CompletedTask;
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.NotOpened(failure.Message, failure is SqliteException { IsDamage: true }
                ? $"Move {options.SqlitePath} away, start the server, and put a backup in its place: parley restore FILE"
                : $"Check {options.SqlitePath}, its folder and disk, and the rights to them.", failure);
        }
    }

    public Dialect Dialect => Dialect.Sqlite;

    public StorageHealth Health => _health.Current;

    public event Action<StorageHealth>? HealthChanged
    {
        add => _health.Changed += value;
        remove => _health.Changed -= value;
    }

    public string Durability => _durability;

    public Lineage? Lineage => null;

    public Func<CancellationToken, Task> Settle
    {
        set { } // one file, one process: nobody else can have put another in its place
    }

    public Task RefreshAsync(CancellationToken ct) => Task.CompletedTask;

    public void Doubt(ParleyError reason)
    {
        // as above: only one program works on the file
    }

    public int PipelineDepth => 64;

    public Task<T> WriteAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct, bool urgent = false)
    {
        var unit = new WriteUnit<T>(work, ct);
        return _queue.Add(unit) is { } refusal ? Task.FromException<T>(refusal) : unit.Task;
    }

    public async Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct, bool urgent = false)
    {
        if (_health.Current is { State: StorageState.Faulted } faulted)
            throw StorageErrors.Unavailable(faulted.Reason);
        try
        {
            return await _readers.ReadAsync(work, ct);
        }
        catch (SqliteException failure) when (failure.EndsTransaction)
        {
            if (failure.IsDamage)
                _queue.Signal(WriterSignals.Fault);
            throw StorageErrors.Unavailable(failure.Message, failure);
        }
    }

    public Task<List<Finding>> InspectAsync(CancellationToken ct) => _inspection.RunAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (!_check.IsCompleted)
            await _stop.CancelAsync();
        await _check;
        await _writer.DisposeAsync();
        _readers.Dispose();
        _stop.Dispose();
    }

    /// <summary>
    /// The log alone makes the file whole again, at once; what the disk may have done to the rest is looked for beside the work, because a large
    /// file takes longer than a start may. A file that fails is a fault of the storage: it is served again only after it has passed.
    /// </summary>
    private void CheckAfterCrash(SqliteFile file)
    {
        try
        {
            if (file.QuickCheck(_stop.Token) is not (null or "ok"))
                _queue.Signal(WriterSignals.Fault);
        }
        catch (SqliteException)
        {
            _queue.Signal(WriterSignals.Fault);
        }
    }
}
