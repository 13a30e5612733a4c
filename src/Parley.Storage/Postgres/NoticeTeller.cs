using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>
/// Tells the other nodes on one channel of PostgreSQL: soon after something came up, many at once, and now and then in any case. Never in the transaction of a send, where it would make
/// the senders wait for each other.
/// </summary>
/// <param name="connectionString">The database.</param>
/// <param name="channel">The channel.</param>
/// <param name="rest">How long it gathers between two looks.</param>
/// <param name="repeat">After what time it looks though nothing came up.</param>
/// <param name="time">The clock.</param>
internal sealed class NoticeTeller(string connectionString, string channel, TimeSpan rest, TimeSpan repeat, TimeProvider time)
{
    private volatile TaskCompletionSource something = New();

    /// <summary>Something came up. Returns at once.</summary>
    public void Set() => something.TrySetResult();

    /// <summary>Tells what <paramref name="take"/> hands out, until cancelled; it is told whether nothing came up since it was last asked.</summary>
    public async Task RunAsync(Func<bool, List<string>> take, CancellationToken cancellationToken)
    {
        // Nothing is lost with a hint, so its transaction need not be flushed.
        var address = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1, ApplicationName = channel.Replace('_', ' '), Options = "-c synchronous_commit=off" };
        await using var source = PostgresSource.Open(address);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var came = something;
                await Task.WhenAny(came.Task, Task.Delay(repeat, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                var quiet = !came.Task.IsCompleted;
                something = New(); // before looking: what comes up from now on is looked for again
                await TellAsync(source, take(quiet), cancellationToken);
                await Task.Delay(rest, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (PostgresErrors.IsOutage(failure))
            {
                await Task.Delay(repeat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TellAsync(NpgsqlDataSource source, List<string> notices, CancellationToken cancellationToken)
    {
        if (notices.Count > 0)
        {
            await using var notify = source.CreateCommand($"select pg_notify('{channel}', notice) from unnest($1) notice");
            notify.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. notices] });
            await notify.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
