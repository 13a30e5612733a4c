using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Server.Turns;

/// <summary>Claims turns that are due and runs up to so many at once; renews their leases, and cancels those that a person halts.</summary>
internal sealed partial class TurnLoop(
    HostedAgents hosted, ClaimTurn claim, RunTurn run, RenewLeases renew, HaltBoard halts, IDatabase database, ServerOptions options, TimeProvider time, ILogger<TurnLoop> log) : ITurnStop, IDisposable
{
    /// <summary>How often leases are renewed; three times within the time they hold.</summary>
    public static readonly TimeSpan RenewEvery = Lease.Time / 3;

    private readonly string node = $"{Environment.MachineName}:{Environment.ProcessId}";
    private readonly ConcurrentDictionary<Guid, Running> running = new();
    private readonly CancellationTokenSource stopping = new();
    private bool started;

    /// <summary>The turns that run here now.</summary>
    public int Count => running.Count;

    /// <summary>Claims what is due as far as there is room; true where more may be due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        if (!await hosted.RefreshAsync(cancellationToken) && running.IsEmpty)
        {
            return false;
        }

        var room = options.TurnsAtOnce - running.Count;
        if (room <= 0 || stopping.IsCancellationRequested)
        {
            return false;
        }

        var due = await database.ReadAsync(unit => unit.Sessions.DueAsync(time.GetUtcNow(), room), cancellationToken);
        var claimed = await Task.WhenAll(due.Select(session => claim.RunAsync(session, node, cancellationToken)));
        foreach (var turn in claimed)
        {
            if (turn is not null)
            {
                Start(turn);
            }
        }

        return due.Count == room && Array.Exists(claimed, turn => turn is not null);
    }

    /// <summary>Keeps the leases of the running turns and cancels those that another owner has.</summary>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var lost in await renew.RunAsync([.. running.Values.Select(turn => turn.Turn.Lease)], cancellationToken))
        {
            if (running.TryGetValue(lost.SessionId, out var turn) && turn.Turn.Lease == lost)
            {
                turn.Stop();
            }
        }

        return false;
    }

    /// <summary>Cancels what a person has halted: no new model call starts, and the running one is cut off.</summary>
    public void CheckHalts()
    {
        foreach (var turn in running.Values)
        {
            if (halts.OfAgent(turn.Turn.Agent.OrganizationId, turn.Turn.Agent.Id) is not null)
            {
                turn.Stop();
            }
        }

        hosted.Signal.Set();
    }

    /// <inheritdoc/>
    public void Stop(Guid turnId) => running.Values.FirstOrDefault(turn => turn.Turn.Turn.Id == turnId)?.Stop();

    /// <summary>Claims nothing more and gives every running turn back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Values.Select(turn => turn.Done)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();

    /// <summary>Where one process has the store for itself, every lease from before its start belongs to a process that is gone.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!started && !database.IsPostgres)
        {
            await database.WriteAsync(unit => unit.Sessions.DropLeasesAsync(), cancellationToken);
        }

        started = true;
    }

    private void Start(ClaimedTurn claimed)
    {
        var turn = new Running(claimed, CancellationTokenSource.CreateLinkedTokenSource(stopping.Token));
        running[claimed.Session.Id] = turn;
        turn.Begin(() => RunAsync(turn));
    }

    private async Task RunAsync(Running turn)
    {
        try
        {
            await run.RunAsync(turn.Turn, turn.Token);
        }
        catch (Exception fault)
        {
            // The lease ends by itself, and whoever claims next goes on from what is stored.
            Failed(log, fault, turn.Turn.Turn.Id, turn.Turn.Agent.Name);
        }
        finally
        {
            running.TryRemove(KeyValuePair.Create(turn.Turn.Session.Id, turn));
            turn.Dispose();
            hosted.Signal.Set();
        }
    }

    [LoggerMessage(LogLevel.Error, "The turn {Turn} of {Agent} broke off; it is taken up again when its lease has ended")]
    private static partial void Failed(ILogger log, Exception fault, Guid turn, string agent);

    /// <summary>A turn that runs here.</summary>
    private sealed class Running(ClaimedTurn turn, CancellationTokenSource stop) : IDisposable
    {
        private readonly Lock gate = new();
        private bool ended;

        public ClaimedTurn Turn => turn;

        public CancellationToken Token { get; } = stop.Token;

        public Task Done { get; private set; } = Task.CompletedTask;

        public void Begin(Func<Task> work) => Done = Task.Run(work, CancellationToken.None);

        public void Stop()
        {
            lock (gate)
            {
                if (!ended)
                {
                    stop.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                ended = true;
            }

            stop.Dispose();
        }
    }
}
