using System.Collections.Concurrent;

namespace Parley.Storage.Sqlite;

/// <summary>The read-only connections: each read has one to itself, in one snapshot.</summary>
internal sealed class SqliteReaders(SqliteFile file, int size) : IDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly ConcurrentStack<SqliteConnection> _idle = new();
    private int _generation;

    public async Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            var generation = Volatile.Read(ref _generation);
            var connection = _idle.TryPop(out var idle) ? idle : file.OpenReader();
            try
            {
                return await ReadAsync(connection, work);
            }
            finally
            {
                if (connection.TransactionFault is not null || connection.InTransaction)
                    connection.Dispose();
                else
                    _idle.Push(connection);
                if (generation != Volatile.Read(ref _generation))
                    CloseIdle();
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes every connection; reads that still run close theirs when they end.</summary>
    public void CloseAll()
    {
        Interlocked.Increment(ref _generation);
        CloseIdle();
    }

    public void Dispose()
    {
        CloseAll();
        _free.Dispose();
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var connection))
            connection.Dispose();
    }

    private static async ValueTask<T> ReadAsync<T>(SqliteConnection connection, Func<Session, ValueTask<T>> work)
    {
        connection.Begin("begin");
        var session = new SqliteSession(connection);
        try
        {
            return await work(session);
        }
        finally
        {
            session.End();
            connection.Rollback();
        }
    }
}
