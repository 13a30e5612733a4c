using Parley.Core;
namespace Parley.Storage.Sqlite;

/// <summary>SQLite: one writer thread with group commit, and a pool of read-only snapshots.</summary>
internal sealed class SqliteEngine : IEngine
{
    private readonly HealthState _health;
    private readonly WriteQueue _queue;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;

    public SqliteEngine(StorageOptions options, TimeProvider time, Action<SqlitePoint>? fault = null)
    {
        var file = new SqliteFile(options.SqlitePath!, options.Relaxed);
        _health = new HealthState(time);
        _queue = new WriteQueue(options.WriteQueueCapacity);
        _readers = new SqliteReaders(file, options.SqliteReaders);
        try
        {
            file.Create();
            _writer = new SqliteWriter(file, _readers, _queue, _health, time, fault);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.Unavailable(failure.Message, failure);
        }
    }

    public Dialect Dialect => Dialect.Sqlite;

    public StorageHealth Health => _health.Current;

    public event Action<StorageHealth>? HealthChanged
    {
        add => _health.Changed += value;
        remove => _health.Changed -= value;
    }

    public int PipelineDepth => 64;

    public Task<T> WriteAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        var unit = new WriteUnit<T>(work, ct);
        return _queue.Add(unit) is { } refusal ? Task.FromException<T>(refusal) : unit.Task;
    }

    public async Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
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

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _readers.Dispose();
    }
}
