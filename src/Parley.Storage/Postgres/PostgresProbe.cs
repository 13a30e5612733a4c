using Parley.Core;
using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>Declares the database faulted or full, and looks again until it is not.</summary>
internal sealed class PostgresProbe(NpgsqlDataSource source, HealthState health, bool relaxed, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

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

    /// <summary>Refuses a server whose settings lose what was answered.</summary>
    public static async Task CheckSettingsAsync(NpgsqlDataSource source, bool relaxed, CancellationToken ct)
    {
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
        {
            await using var command = source.CreateCommand($"show {setting}");
            if (!relaxed && await command.ExecuteScalarAsync(ct) is "off")
            {
                throw new Core.ParleyError(Core.ErrorCode.StorageUnavailable, $"PostgreSQL runs with {setting} = off: what Parley accepts could be lost.",
                    $"Set {setting} = on in the server, the database and the role, or ask for relaxed durability by name.");
            }
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
        try
        {
            await CheckSettingsAsync(source, relaxed, _stop.Token);
            // A flushed write to the log; a server that only reads refuses it.
            await using var command = source.CreateCommand("select pg_logical_emit_message(true, 'parley', repeat('.', 65536))");
            await command.ExecuteNonQueryAsync(_stop.Token);
            lock (_gate)
            {
                health.Set(StorageState.Ready, null);
                _running = Task.CompletedTask;
            }
            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException or Core.ParleyError or TimeoutException or IOException or System.Net.Sockets.SocketException)
        {
            health.Set(PostgresErrors.IsFull(failure) ? StorageState.Full : StorageState.Faulted, failure.Message);
            return false;
        }
    }
}
