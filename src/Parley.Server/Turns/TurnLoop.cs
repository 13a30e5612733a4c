using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Nodes;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Server.Turns;

/// <summary>Claims turns that are due and runs up to so many at once; renews their leases, and cancels those that a person halts.</summary>
internal sealed partial class TurnLoop(
    HostedAgents hosted, ThisNode node, RunningTurns running, ClaimTurn claim, RunTurn run, RenewLeases renew, HaltBoard halts, IDatabase database, ServerOptions options, TimeProvider time,
    ILogger<TurnLoop> log) : IDisposable
{
    /// <summary>How often leases are renewed; three times within the time they hold.</summary>
    public static readonly TimeSpan RenewEvery = Lease.Time / 3;

    /// <summary>How long this node leaves to the others what falls to them; then it takes what they did not.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource stopping = new();
    private long renewedAt = time.GetTimestamp();
    private long? leftSince;
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
        if (room <= 0 || stopping.IsCancellationRequested || node.IsDraining)
        {
            return false;
        }

        var due = Mine(await database.ReadAsync(unit => unit.Sessions.DueAsync(time.GetUtcNow(), Look(room)), cancellationToken), room);
        var claimed = await Task.WhenAll(due.Select(session => claim.RunAsync(session, node.Self.Name, cancellationToken)));
        foreach (var turn in claimed)
        {
            if (turn is not null)
            {
                Start(turn);
            }
        }

        return (due.Count == room || leftSince is not null) && Array.Exists(claimed, turn => turn is not null);
    }

    /// <summary>Gives every running turn back; nothing keeps this or another node from taking it up again.</summary>
    public void GiveBack()
    {
        foreach (var turn in running.All)
        {
            turn.Stop();
        }
    }

    /// <summary>Keeps the leases of the running turns and cancels those that another owner has, and all where the leases have ended because the database was not reached.</summary>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        Lease[] leases = [.. running.All.Select(turn => turn.Turn.Lease)];
        try
        {
            foreach (var lost in await renew.RunAsync(leases, cancellationToken))
            {
                running.Lost(lost);
            }

            renewedAt = time.GetTimestamp();
        }
        catch (ParleyError) when (time.GetElapsedTime(renewedAt) >= Lease.Time)
        {
            // Others run these turns by now, or will: what is done here in vain would be done twice.
            foreach (var lease in leases)
            {
                running.Lost(lease);
            }
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

    /// <summary>How far to look: what is due for all nodes is shared out, so that each takes a part.</summary>
    private int Look(int room) => room * (node.Others.Count + 1);

    /// <summary>Of what is due, what falls to this node; everything where the others have had their time.</summary>
    private List<DueSession> Mine(List<DueSession> due, int room)
    {
        var others = node.Others;
        var (first, count) = others.Count == 0
            ? (0, due.Count)
            : NodeRules.Share(node.Self with { Load = new NodeLoad(running.Count, options.TurnsAtOnce, 0) }, [.. others.Select(one => one.Node)], due.Count);
        if (due.Count == count)
        {
            leftSince = null;
        }
        else if (leftSince is not { } since)
        {
            leftSince = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(since) >= s_patience)
        {
            leftSince = null;
            (first, count) = (0, due.Count);
        }

        return due.GetRange(first, Math.Min(count, room));
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
