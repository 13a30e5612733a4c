using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>Listens to one channel of PostgreSQL on a connection of its own, and comes back when that is lost. What is told meanwhile is not heard.</summary>
internal sealed class NoticeListener(string connectionString, string channel, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Calls back with every notice, and with null after every new connection, until cancelled. The callback must not block.</summary>
    public async Task RunAsync(Action<string?> heard, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(heard, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && PostgresErrors.IsOutage(failure))
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception end) when (end is OperationCanceledException or NpgsqlException && cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(Action<string?> heard, CancellationToken cancellationToken)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 10 };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, notice) => heard(notice.Payload);
        await using (var listen = new NpgsqlCommand($"listen {channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        heard(null);
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}
