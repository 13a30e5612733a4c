using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>Tells at once that somebody inserted into <c>agent_chat</c>, so that nobody waits for the next round of a loop. A hint: what is missed meanwhile is found by the loop.</summary>
public sealed class ChatNotices(string connectionString, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Calls back after every insert, and after every new connection, until cancelled. The callback must not block.</summary>
    public async Task RunAsync(Action inserted, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(inserted, cancellationToken);
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

    private async Task ListenAsync(Action inserted, CancellationToken cancellationToken)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 30 };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, _) => inserted();
        await using (var listen = new NpgsqlCommand("listen parley_chat", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        inserted();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}
