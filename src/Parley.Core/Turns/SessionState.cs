namespace Parley.Core.Turns;

/// <summary>A session with its lease.</summary>
/// <param name="Session">The session.</param>
/// <param name="Fence">The number of its newest lease.</param>
/// <param name="Leased">Whether that lease still holds, by the store's clock.</param>
/// <param name="Abandoned">Whether a lease ended without being given back.</param>
/// <param name="Failures">Turns that failed one after the other.</param>
/// <param name="NotBefore">When the next turn may begin, or null.</param>
/// <param name="TurnId">The turn that has begun and not ended, or null.</param>
public sealed record SessionState(AgentSession Session, long Fence, bool Leased, bool Abandoned, int Failures, DateTimeOffset? NotBefore, Guid? TurnId);

/// <summary>A session with something to do.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">Whose.</param>
/// <param name="ConversationId">The conversation of the meeting or of the spawned session, or null for the main session.</param>
public readonly record struct DueSession(Guid OrganizationId, Guid AgentId, Guid? ConversationId);

/// <summary>A lease that somebody holds.</summary>
/// <param name="SessionId">Of which session.</param>
/// <param name="Fence">Its number.</param>
public readonly record struct Lease(Guid SessionId, long Fence)
{
    /// <summary>How long it holds without being renewed.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(30);
}

/// <summary>Sessions of hosted agents and their leases, which are judged by the store's clock.</summary>
public interface ISessionStore
{
    /// <summary>Sessions that have unread deliveries or an open turn, that nobody owns, whose time has come and that no person has halted; the longest waiting first.</summary>
    ValueTask<List<DueSession>> DueAsync(DateTimeOffset now, int limit);

    /// <summary>The session of that agent and key, added where it is missing; locked.</summary>
    ValueTask<SessionState> OpenAsync(AgentSession session);

    /// <summary>The session; locked in a write.</summary>
    ValueTask<SessionState?> FindAsync(Guid id);

    /// <summary>The agent's session in a conversation, or null; locked in a write.</summary>
    ValueTask<SessionState?> FindInAsync(Guid agentId, Guid conversationId);

    /// <summary>Adds a session that nobody owns.</summary>
    void Add(AgentSession session);

    /// <summary>The sessions of an agent, the oldest first.</summary>
    ValueTask<List<SessionState>> ListAsync(Guid agentId);

    /// <summary>Gives the session to a node under a new fence.</summary>
    void Take(Lease lease, string node, Guid turnId);

    /// <summary>Locks the session for the rest of the write; false where another owner has it now.</summary>
    ValueTask<bool> HoldAsync(Lease lease);

    /// <summary>Makes the lease hold for its whole time again; false where another owner has it now.</summary>
    ValueTask<bool> RenewAsync(Lease lease);

    /// <summary>Gives the session back. A turn that is named stays open and is taken up again.</summary>
    void Release(Guid id, Guid? turnId, int failures, DateTimeOffset? notBefore);

    /// <summary>With what the agent's program goes on in the session, or null.</summary>
    ValueTask<string?> ResumeAsync(Guid id);

    /// <summary>Remembers with what the agent's program goes on in the session; null forgets it.</summary>
    void SaveResume(Guid id, string? resume);

    /// <summary>Forgets that of all sessions of an agent: it is hosted otherwise now.</summary>
    void ForgetResumes(Guid agentId);

    /// <summary>Ends every lease, as abandoned: for a store that only one process uses, when that process starts. Returns how many.</summary>
    ValueTask<int> DropLeasesAsync();
}
