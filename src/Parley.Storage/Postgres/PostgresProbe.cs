using Parley.Core;
using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>Declares the database faulted or full, and looks again until it is not.</summary>
internal sealed class PostgresProbe(Func<PostgresLine> current, HealthState health, PostgresDurability durability, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>See <see cref="IEngine.Settle"/>.</summary>
    public Func<CancellationToken, Task> Settle { get; set; } = _ => Task.CompletedTask;

    public void Report(Exception failure)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            health.Set(PostgresErrors.IsFull(failure) ? StorageState.Full : StorageState.Faulted, failure.Message);
            if (_running.IsCompleted)
                _running = Task.Run(ProbeAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            _stop.Cancel();
            running = _running;
        }
        await running;
        _stop.Dispose();
    }

    private async Task ProbeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await WritesAsync())
                    return;
                await Task.Delay(ProbeTime, time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<bool> WritesAsync()
    {
        durability.IsSettling = true;
        try
        {
            var line = current();
            await durability.CheckAsync(line.Source, _stop.Token).WaitAsync(Patience, time, _stop.Token);
            // A flushed write to the log; a server that only reads refuses it, and one that waits for its standby has not done it.
            await using var connection = await line.Source.OpenConnectionAsync(_stop.Token);
            await using var command = new NpgsqlCommand("select pg_logical_emit_message(true, 'parley', repeat('.', 65536))", connection);
            using var replica = new ReplicaWait(connection);
            await command.ExecuteNonQueryAsync(_stop.Token);
            replica.ThrowIfGivenUp();
            await Settle(_stop.Token);
            if (line != current())
                return false;
            durability.Settled();
            line.IsProven = true;
            lock (_gate)
            {
                health.Set(StorageState.Ready, null);
                _running = Task.CompletedTask;
            }
            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException or Core.ParleyError or TimeoutException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            health.Set(PostgresErrors.IsFull(failure) ? StorageState.Full : StorageState.Faulted, failure.Message);
            return false;
        }
    }
}
