using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Webhooks;
using Parley.Server.Live;
using Parley.Server.Loops;

namespace Parley.Server.Outbound;

/// <summary>Makes the calls of webhooks beside each other, so that a receiver that hangs keeps no other one waiting.</summary>
internal sealed partial class WebhookLoop(CallWebhooks calls, IDatabase database, ILogger<WebhookLoop> log) : IWakeListener
{
    /// <summary>Calls that this node makes at once.</summary>
    internal const int AtOnce = 32;

    private readonly ConcurrentDictionary<Guid, Task> running = new();
    private volatile FrozenSet<Guid> watched = [];
    private bool started;

    /// <summary>Wakes the loop before its time.</summary>
    public LoopSignal Signal { get; } = new();

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        var known = watched;
        if (known.Count == 0)
        {
            return;
        }

        foreach (var recipient in hint.Recipients)
        {
            if (known.Contains(recipient.AgentId))
            {
                Signal.Set();
                return;
            }
        }
    }

    /// <summary>Starts what is due as far as there is room, and does not wait for it.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        watched = (await database.ReadAsync(unit => unit.Webhooks.WatchedAsync(), cancellationToken)).ToFrozenSet();
        var room = AtOnce - running.Count;
        if (room <= 0)
        {
            return false;
        }

        var started = 0;
        foreach (var id in await calls.DueAsync(AtOnce, cancellationToken))
        {
            if (started < room && running.TryAdd(id, Task.CompletedTask))
            {
                started++;
                running[id] = Task.Run(() => RunAsync(id, cancellationToken), CancellationToken.None);
            }
        }

        return false;
    }

    private async Task RunAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await calls.RunAsync(id, cancellationToken);
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

    /// <summary>Where one process has the store for itself, every lease from before its start belongs to a process that is gone.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!started && !database.IsPostgres)
        {
            await database.WriteAsync(unit => unit.Webhooks.DropLeasesAsync(), cancellationToken);
        }

        started = true;
    }

    [LoggerMessage(LogLevel.Error, "The call of the webhook {Webhook} broke off; it is made again when its lease has ended")]
    private static partial void Failed(ILogger log, Exception fault, Guid webhook);
}
