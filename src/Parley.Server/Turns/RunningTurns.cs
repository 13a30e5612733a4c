using System.Collections.Concurrent;
using Parley.Core.Turns;

namespace Parley.Server.Turns;

/// <summary>The turns that run on this node; whoever ends one for a person stops it here.</summary>
internal sealed class RunningTurns : ITurnStop
{
    private readonly ConcurrentDictionary<Guid, RunningTurn> running = new();

    /// <summary>How many there are.</summary>
    public int Count => running.Count;

    /// <summary>All of them, as they are now.</summary>
    public ICollection<RunningTurn> All => running.Values;

    /// <summary>Adds a turn that has not begun; it is stopped with the token.</summary>
    public RunningTurn Add(ClaimedTurn claimed, CancellationToken stopping)
    {
        var turn = new RunningTurn(claimed, CancellationTokenSource.CreateLinkedTokenSource(stopping));
        running[claimed.Session.Id] = turn;
        return turn;
    }

    /// <summary>Removes a turn that has ended.</summary>
    public void Remove(RunningTurn turn)
    {
        running.TryRemove(KeyValuePair.Create(turn.Turn.Session.Id, turn));
        turn.Dispose();
    }

    /// <inheritdoc/>
    public void Stop(Guid turnId) => running.Values.FirstOrDefault(turn => turn.Turn.Turn.Id == turnId)?.Stop();

    /// <summary>Stops the turn of a lease that another owner has taken.</summary>
    public void Lost(Lease lease)
    {
        if (running.TryGetValue(lease.SessionId, out var turn) && turn.Turn.Lease == lease)
        {
            turn.Stop();
        }
    }
}

/// <summary>A turn that runs here.</summary>
internal sealed class RunningTurn(ClaimedTurn turn, CancellationTokenSource stop) : IDisposable
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
