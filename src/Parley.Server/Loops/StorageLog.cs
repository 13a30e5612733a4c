using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Core;

namespace Parley.Server.Loops;

/// <summary>Writes a line with the cause whenever the store can be written no more, and one when it can again. Tries in between are not told.</summary>
internal sealed partial class StorageLog(IDatabase database, ILogger<StorageLog> log) : IHostedService
{
    private readonly Lock gate = new();
    private StorageHealth told = database.Health with { State = StorageState.Ready };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.HealthChanged += Tell;
        Tell(database.Health);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        database.HealthChanged -= Tell;
        return Task.CompletedTask;
    }

    /// <summary>Tells it where it is another state than was told last.</summary>
    internal void Tell(StorageHealth now)
    {
        lock (gate)
        {
            var before = told;
            if (before.State == now.State)
            {
                return;
            }

            told = now;
            switch (now.State)
            {
                case StorageState.Full:
                    Full(log, now.Reason);
                    break;
                case StorageState.Faulted:
                    Faulted(log, now.Reason);
                    break;
                default:
                    Resumed(log, (now.Since - before.Since).TotalSeconds);
                    break;
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The disk is full: {Cause}. Sends are refused and resume by themselves when there is space")]
    private static partial void Full(ILogger log, string? cause);

    [LoggerMessage(LogLevel.Error, "The store failed: {Cause}. Sends are refused until it was reopened and checked")]
    private static partial void Faulted(ILogger log, string? cause);

    [LoggerMessage(LogLevel.Warning, "The store takes sends again after {Seconds:0.0} s")]
    private static partial void Resumed(ILogger log, double seconds);
}
