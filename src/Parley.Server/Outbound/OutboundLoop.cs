using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Remotes;
using Parley.Core.Webhooks;
using Parley.Server.Loops;

namespace Parley.Server.Outbound;

/// <summary>Makes calls to the outside beside each other, so that a receiver that hangs keeps no other one waiting.</summary>
internal abstract partial class OutboundLoop(WakeWatch watch, IDatabase database, ILogger log)
{
    /// <summary>Receivers that this node calls at once.</summary>
    internal const int AtOnce = 32;

    private readonly ConcurrentDictionary<Guid, Task> running = new();
    private bool begun;

    /// <summary>Wakes the loop before its time.</summary>
    public LoopSignal Signal => watch.Signal;

    /// <summary>Starts what is due as far as there is room, and does not wait for it.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!begun && !database.IsPostgres)
        {
            // Where one process has the store for itself, every lease from before its start belongs to a process that is gone.
            await database.WriteAsync(DropLeasesAsync, cancellationToken);
        }

        begun = true;
        watch.Watch(await database.ReadAsync(WatchedAsync, cancellationToken));
        var room = AtOnce - running.Count;
        if (room <= 0)
        {
            return false;
        }

        foreach (var id in await DueAsync(AtOnce, cancellationToken))
        {
            if (room > 0 && running.TryAdd(id, Task.CompletedTask))
            {
                room--;
                running[id] = Task.Run(() => TryAsync(id, cancellationToken), CancellationToken.None);
            }
        }

        return false;
    }

    protected abstract Task<List<Guid>> DueAsync(int limit, CancellationToken cancellationToken);

    protected abstract Task RunAsync(Guid id, CancellationToken cancellationToken);

    protected abstract ValueTask<List<Guid>> WatchedAsync(IUnitOfWork unit);

    protected abstract ValueTask<int> DropLeasesAsync(IUnitOfWork unit);

    private async Task TryAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(id, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The lease ends by itself; the call is made again with the same id.
        }
        catch (Exception fault)
        {
            Failed(log, fault, id);
        }
        finally
        {
            running.TryRemove(id, out _);
            Signal.Set();
        }
    }

    [LoggerMessage(LogLevel.Error, "The call for {Id} broke off; it is made again when its lease has ended")]
    private static partial void Failed(ILogger log, Exception fault, Guid id);
}

/// <summary>Makes the calls of webhooks.</summary>
internal sealed class WebhookLoop(CallWebhooks calls, WebhookWatch watch, IDatabase database, ILogger<WebhookLoop> log) : OutboundLoop(watch, database, log)
{
    protected override Task<List<Guid>> DueAsync(int limit, CancellationToken cancellationToken) => calls.DueAsync(limit, cancellationToken);

    protected override Task RunAsync(Guid id, CancellationToken cancellationToken) => calls.RunAsync(id, cancellationToken);

    protected override ValueTask<List<Guid>> WatchedAsync(IUnitOfWork unit) => unit.Webhooks.WatchedAsync();

    protected override ValueTask<int> DropLeasesAsync(IUnitOfWork unit) => unit.Webhooks.DropLeasesAsync();
}

/// <summary>Hands the deliveries of remote agents over.</summary>
internal sealed class RemoteLoop(PushToRemotes push, RemoteWatch watch, IDatabase database, ILogger<RemoteLoop> log) : OutboundLoop(watch, database, log)
{
    protected override Task<List<Guid>> DueAsync(int limit, CancellationToken cancellationToken) => push.DueAsync(limit, cancellationToken);

    protected override Task RunAsync(Guid id, CancellationToken cancellationToken) => push.RunAsync(id, cancellationToken);

    protected override ValueTask<List<Guid>> WatchedAsync(IUnitOfWork unit) => unit.Remotes.WatchedAsync();

    protected override ValueTask<int> DropLeasesAsync(IUnitOfWork unit) => unit.Remotes.DropLeasesAsync();
}
