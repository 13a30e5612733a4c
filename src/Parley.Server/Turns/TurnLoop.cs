using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Server.Turns;

/// <summary>Claims turns that are due and runs up to so many at once; renews their leases, and cancels those that a person halts.</summary>
internal sealed partial class TurnLoop(
    HostedAgents hosted, RunningTurns running, ClaimTurn claim, RunTurn run, RenewLeases renew, HaltBoard halts, IDatabase database, ServerOptions options, TimeProvider time,
    ILogger<TurnLoop> log) : IDisposable
{
    /// <summary>How often leases are renewed; three times within the time they hold.</summary>
    public static readonly TimeSpan RenewEvery = Lease.Time / 3;

    private readonly string node = $"{Environment.MachineName}:{Environment.ProcessId}";
    private readonly CancellationTokenSource stopping = new();
    private bool started;

    /// <summary>The turns that run here now.</summary>
    public int Count => running.Count;

    /// <summary>Claims what is due as far as there is room; true where more may be due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        if (!await hosted.RefreshAsync(cancellationToken) && running.Count == 0)
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
        foreach (var lost in await renew.RunAsync([.. running.All.Select(turn => turn.Turn.Lease)], cancellationToken))
        {
            running.Lost(lost);
        }

        return false;
    }

    /// <summary>Cancels what a person has halted: no new model call starts, and the running one is cut off.</summary>
    public void CheckHalts()
    {
        foreach (var turn in running.All)
        {
            if (halts.OfAgent(turn.Turn.Agent.OrganizationId, turn.Turn.Agent.Id) is not null)
            {
                turn.Stop();
            }
        }

        hosted.Signal.Set();
    }

    /// <summary>Claims nothing more and gives every running turn back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.All.Select(turn => turn.Done)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        var turn = running.Add(claimed, stopping.Token);
        turn.Begin(() => RunAsync(turn));
    }

    private async Task RunAsync(RunningTurn turn)
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
            running.Remove(turn);
            hosted.Signal.Set();
        }
    }

    [LoggerMessage(LogLevel.Error, "The turn {Turn} of {Agent} broke off; it is taken up again when its lease has ended")]
    private static partial void Failed(ILogger log, Exception fault, Guid turn, string agent);
}
