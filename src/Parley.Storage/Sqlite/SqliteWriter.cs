using Parley.Core;
using System.Globalization;
using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>
/// The one thread that writes. It owns the read-write connection, every checkpoint, and the way back after a fault: refuse, close, reopen,
/// check, and only then accept again.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int CheckpointPages = 16_384;
    private const int OversizedPages = 4 * CheckpointPages;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly WriteQueue _queue;
    private readonly HealthState _health;
    private readonly Action<SqlitePoint>? _fault;
    private readonly GroupCommit _groups;
    private readonly ITimer _retry;
    private readonly ITimer _idle;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteConnection? _connection;
    private TimeSpan _backoff = ProbeTime;
    private int _pages;
    private long _logPages;
    private bool _idleTimerRuns;
    private bool _wroteSinceTimer;

    public SqliteWriter(SqliteFile file, SqliteReaders readers, WriteQueue queue, HealthState health, TimeProvider time, Action<SqlitePoint>? fault)
    {
        (_file, _readers, _queue, _health, _fault) = (file, readers, queue, health, fault);
        _groups = new GroupCommit(queue, time, fault);
        _retry = time.CreateTimer(_ => queue.Signal(WriterSignals.Retry), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _idle = time.CreateTimer(_ => queue.Signal(WriterSignals.Checkpoint), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pages = file.LogPages; // of servers that were killed before they emptied it
        _connection = file.OpenWriter();
        new Thread(Loop) { IsBackground = true, Name = "parley-sqlite-writer" }.Start();
    }

    /// <summary>Runs what waits, empties the log into the database file, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close(StorageErrors.ShuttingDown);
        _queue.Signal(WriterSignals.Stop);
        await _stopped.Task;
        await _retry.DisposeAsync();
        await _idle.DisposeAsync();
    }

    private void Loop()
    {
        try
        {
            var signals = WriterSignals.None;
            while (!signals.HasFlag(WriterSignals.Stop))
            {
                signals = _queue.Wait();
                Work(signals);
            }
            while (_queue.Count > 0)
                Write();
            Close();
        }
#pragma warning disable CA1031 // The thread must not die with callers waiting; a fault of our own ends every later write with its reason.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _health.Set(StorageState.Faulted, failure.Message);
            _queue.Refuse(() => StorageErrors.Unavailable(failure.Message, failure));
            _groups.Fail(() => StorageErrors.OutcomeUnknown(failure));
        }
        _stopped.SetResult();
    }

    private void Work(WriterSignals signals)
    {
        if (signals.HasFlag(WriterSignals.Fault) && _connection is not null)
            Break(new SqliteException(raw.SQLITE_IOERR, "a read failed"));
        if (signals.HasFlag(WriterSignals.Retry))
            Retry();
        if (_queue.Count > 0)
            Write();
        if (signals.HasFlag(WriterSignals.Checkpoint))
            IdleCheckpoint();
    }

    private void Write()
    {
        var connection = _connection!;
        var failure = _groups.Run(connection);
        if (failure is null)
        {
            _groups.Complete();
            AfterCommit(connection);
        }
        else
        {
            Refuse(failure);
        }
    }

    private void AfterCommit(SqliteConnection connection)
    {
        _pages += connection.TakePagesWritten();
        _wroteSinceTimer = true;
        if (_pages >= CheckpointPages)
            Checkpoint();
        else if (!_idleTimerRuns)
            _idleTimerRuns = _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
    }

    private void IdleCheckpoint()
    {
        _idleTimerRuns = false;
        if (_connection is null || _pages == 0)
            return;
        if (_wroteSinceTimer)
            _idleTimerRuns = _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
        else
            Checkpoint();
        _wroteSinceTimer = false;
    }

    /// <summary>Copies the log into the database file; waits for readers only when they have let the log grow far too long.</summary>
    private void Checkpoint()
    {
        try
        {
            _fault?.Invoke(SqlitePoint.BeforeCheckpoint);
            var sql = _logPages >= OversizedPages ? "pragma wal_checkpoint(restart)" : "pragma wal_checkpoint(passive)";
            _logPages = _connection!.First(sql, row => row.Long(1), []);
            _pages = 0;
        }
        catch (SqliteException failure)
        {
            Refuse(new GroupFault(failure, Committing: false));
        }
    }

    private void Refuse(GroupFault failure)
    {
        var cause = failure.Cause;
        if (cause.IsFull)
            SetFull(cause);
        else if (cause.IsBroken)
            Break(cause, failure.Committing);
        else
            GiveUpGroup(cause);
    }

    /// <summary>The transaction failed without harm to the file: another process holds the lock, or a deferred constraint.</summary>
    private void GiveUpGroup(SqliteException cause)
    {
        _connection!.Rollback();
        _groups.Fail(() => cause.IsBusy ? StorageErrors.Busy() : cause.Translate());
    }

    private void SetFull(SqliteException cause)
    {
        _health.Set(StorageState.Full, cause.Message);
        _queue.Refuse(() => StorageErrors.Full(cause));
        _groups.Fail(() => StorageErrors.Full(cause));
        try
        {
            _connection!.Rollback();
            _retry.Change(ProbeTime, Timeout.InfiniteTimeSpan);
        }
        catch (SqliteException failure)
        {
            Break(failure);
        }
    }

    private void Break(SqliteException cause, bool committing = false)
    {
        _health.Set(StorageState.Faulted, cause.Message);
        _queue.Refuse(() => StorageErrors.Unavailable(cause.Message, cause));
        _groups.Fail(() => committing ? StorageErrors.OutcomeUnknown(cause) : StorageErrors.Unavailable(cause.Message, cause));
        _connection?.Dispose();
        _connection = null;
        _readers.CloseAll();
        Reopen();
    }

    private void Retry()
    {
        if (_connection is null)
            Reopen();
        else if (_health.Current.State == StorageState.Full)
            Probe();
    }

    private void Probe()
    {
        try
        {
            _fault?.Invoke(SqlitePoint.BeforeProbe);
            SqliteFile.Probe(_connection!);
            Accept();
        }
        catch (SqliteException failure)
        {
            Refuse(new GroupFault(failure, Committing: false));
        }
    }

    private void Reopen()
    {
        try
        {
            _fault?.Invoke(SqlitePoint.BeforeReopen);
            _connection = _file.OpenChecked();
            _pages = 0;
            Accept();
        }
        catch (SqliteException failure)
        {
            _health.Set(StorageState.Faulted, string.Create(CultureInfo.InvariantCulture, $"{failure.Message}; tried again in {_backoff.TotalSeconds} s"));
            _retry.Change(_backoff, Timeout.InfiniteTimeSpan);
            _backoff = _backoff * 2 < LongestBackoff ? _backoff * 2 : LongestBackoff;
        }
    }

    private void Accept()
    {
        _backoff = ProbeTime;
        // In this order: who sees it ready may write at once.
        _queue.Accept();
        _health.Set(StorageState.Ready, null);
    }

    private void Close()
    {
        if (_connection is null)
            return;
        try
        {
            _readers.CloseAll();
            _connection.First("pragma wal_checkpoint(truncate)", row => row.Long(0), []);
        }
        catch (SqliteException failure)
        {
            // Everything accepted stands in the log, which the next start reads.
            _health.Set(StorageState.Faulted, failure.Message);
        }
        _connection.Dispose();
        _connection = null;
    }
}
