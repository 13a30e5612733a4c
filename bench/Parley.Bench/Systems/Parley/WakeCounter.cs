using System.Diagnostics;
using Npgsql;

namespace Parley.Bench.Systems.Parley;

/// <summary>Counts the notices by which nodes wake each other, as one more listener.</summary>
sealed class WakeCounter : IDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly long began = Stopwatch.GetTimestamp();
    readonly Task listening;
    long heard;

    public WakeCounter(string connectionString) => listening = Task.Run(() => ListenAsync(connectionString));

    /// <summary>Notices a second since the beginning.</summary>
    public async Task<double> StopAsync()
    {
        await stop.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return heard / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose() => stop.Dispose();

    async Task ListenAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(stop.Token);
        connection.Notification += (_, _) => heard++;
        await using (var listen = new NpgsqlCommand("listen parley_wake", connection))
            await listen.ExecuteNonQueryAsync(stop.Token);
        while (true)
            await connection.WaitAsync(stop.Token);
    }
}
