using Parley.Core.Messages;
using Parley.Storage.Postgres;

namespace Parley.Cli.Serve;

/// <summary>Sends what agents insert with SQL as soon as PostgreSQL tells of it; the server's loop finds what is not told.</summary>
internal sealed class SqlDoor(string connection, TakeSqlMessages take, TimeProvider time, ILogger<SqlDoor> log) : BackgroundService
{
    private readonly SemaphoreSlim inserted = new(0, 1);

    public static void AddTo(IServiceCollection services, ServeOptions options)
    {
        if (options.Database is { } connection)
        {
            services.AddHostedService(all => new SqlDoor(
                connection, all.GetRequiredService<TakeSqlMessages>(), all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILogger<SqlDoor>>()));
        }
    }

    public override void Dispose()
    {
        inserted.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(new ChatNotices(connection, time).RunAsync(Notice, stoppingToken), TakeAsync(stoppingToken));

    private void Notice()
    {
        if (inserted.CurrentCount == 0)
        {
            inserted.Release();
        }
    }

    private async Task TakeAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await inserted.WaitAsync(stoppingToken).ConfigureAwait(false);
                while (await take.RunOnceAsync(stoppingToken).ConfigureAwait(false))
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Parley.Core.ParleyError error)
            {
                // The rows stay queued and the server's loop takes them when the database is back.
                log.LogWarning("The SQL door waits: {Reason}", error.Message);
            }
        }
    }
}
