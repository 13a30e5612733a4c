namespace Parley.Core.Turns;

/// <summary>A conversation between a hosted agent and one line of work. Its turns run one at a time; those of two sessions may run at once.</summary>
/// <param name="Id">The session.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">Whose.</param>
/// <param name="Key"><c>agent:tesla:main</c>, <c>agent:tesla:meeting:</c> and the meeting's id, or <c>agent:tesla:subagent:</c> and its own.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="ConversationId">The conversation of the meeting or of the spawned session; null for the main session, whose work comes from everywhere.</param>
/// <param name="CreatedAt">When it began.</param>
public sealed record AgentSession(Guid Id, Guid OrganizationId, Guid AgentId, string Key, SessionKind Kind, Guid? ConversationId, DateTimeOffset CreatedAt)
{
    /// <summary>What the address of a spawned session begins with; its id follows.</summary>
    public const string Address = "session:";

    /// <summary>The key of an agent's main session.</summary>
    public static string MainKey(string agent) => $"agent:{agent}:main";
}

/// <summary>What a session is for.</summary>
public enum SessionKind
{
    /// <summary>Direct messages, channels and <c>agent_chat</c>.</summary>
    Main,

    /// <summary>One meeting.</summary>
    Meeting,

    /// <summary>One piece of work that the agent was spawned for.</summary>
    Subagent,
}
