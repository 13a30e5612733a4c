namespace Parley.Core.Remotes;

/// <summary>Remote agents, and the deliveries that are under way to them.</summary>
public interface IRemoteStore
{
    /// <summary>Adds one; its agent exists.</summary>
    void Add(RemoteAgent remote);

    /// <summary>Writes what its card says.</summary>
    void Update(RemoteAgent remote);

    /// <summary>The remote agent whose agent is not removed, or null; in a write it is locked.</summary>
    ValueTask<RemoteAgent?> FindAsync(Guid agentId);

    /// <summary>Those of an organization whose agents are not removed, by name.</summary>
    ValueTask<List<RemoteAgent>> ListAsync(Guid organizationId, int limit);

    /// <summary>
    /// The agents that have something unread or under way that is due, and that nobody else is busy with; none that is halted, removed or run by Parley itself. Locks nothing.
    /// </summary>
    ValueTask<List<DueRemote>> DueAsync(DateTimeOffset now, int limit);

    /// <summary>Every remote agent that is not removed, so that a wake-up is not late.</summary>
    ValueTask<List<Guid>> WatchedAsync();

    /// <summary>Lets one node work for the agent for that long, by the database's clock; the fencing number, or null where another one does.</summary>
    ValueTask<long?> ClaimAsync(Guid agentId, TimeSpan time);

    /// <summary>Whether the fencing number is the last one; in a write it stays so.</summary>
    ValueTask<bool> HoldAsync(Guid agentId, long fence);

    /// <summary>Gives the agent back.</summary>
    void Release(Guid agentId, long fence);

    /// <summary>Ends the leases of a process that is gone. Only where one process has the store for itself.</summary>
    ValueTask<int> DropLeasesAsync();

    /// <summary>The number up to which the agent's inbox is acknowledged; locks nothing.</summary>
    ValueTask<long> CursorAsync(Guid agentId);

    /// <summary>What is under way, or null.</summary>
    ValueTask<RemoteCall?> CallAsync(Guid agentId);

    /// <summary>Writes what is under way.</summary>
    void Save(RemoteCall call);

    /// <summary>Nothing is under way any more.</summary>
    void EndCall(Guid agentId);

    /// <summary>What the conversation is called there.</summary>
    ValueTask<RemoteContext?> ContextAsync(Guid agentId, Guid conversationId);

    /// <summary>Remembers what the conversation is called there.</summary>
    void SaveContext(Guid agentId, Guid conversationId, RemoteContext context);
}

/// <summary>A remote agent that something is to be done for.</summary>
/// <param name="AgentId">Which.</param>
/// <param name="Credential">Its token, sealed, or null: only a node that can open it works for it.</param>
public sealed record DueRemote(Guid AgentId, string? Credential);
