namespace Parley.Core.Nodes;

/// <summary>Tells what this process does right now.</summary>
public interface INodeLoad
{
    /// <summary>As it is at this moment.</summary>
    NodeLoad Load { get; }

    /// <summary>Where it listens; empty before it does.</summary>
    string Address { get; }
}

/// <summary>Lets the other nodes know of this one, and learns of them and of whether this one is to be emptied. Run every two seconds where nodes share a database.</summary>
public sealed class KeepNode(IDatabase database, ThisNode node, INodeLoad load, TimeProvider time)
{
    /// <summary>How often a node says that it is there.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_forgotten = TimeSpan.FromHours(1);

    /// <summary>One beat; returns false because there is never more to do at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var self = node.Self with { Load = load.Load, Address = load.Address };
        if (!database.IsPostgres)
        {
            node.Take(self with { SeenAt = time.GetUtcNow() }, []);
            return false;
        }

        var (asked, began) = (time.GetUtcNow(), time.GetTimestamp());
        var (now, since, all) = await database.WriteUrgentlyAsync(
            async unit =>
            {
                var (now, since) = await unit.Nodes.BeatAsync(self);
                var all = await unit.Nodes.ListAsync();
                unit.Nodes.Forget(s_forgotten);
                return (now, since, all);
            },
            cancellationToken);
        // The database looked at its clock somewhere between the question and the answer.
        node.Take(self with { SeenAt = now, DrainingSince = since, Skew = asked + (time.GetElapsedTime(began) / 2) - now }, all);
        return false;
    }

    /// <summary>Takes the node off the list, as it stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (database.IsPostgres)
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Nodes.Remove(node.Self.Id);
                    return ValueTask.FromResult(0);
                },
                cancellationToken);
        }
    }
}
