namespace Parley.Core.Turns;

/// <summary>A conversation between a hosted agent and one line of work. Its turns run one at a time; those of two sessions may run at once.</summary>
/// <param name="Id">The session.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">Whose.</param>
/// <param name="Key"><c>agent:tesla:main</c>, or <c>agent:tesla:meeting:</c> and the meeting's id.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="ConversationId">The meeting's conversation; null for the main session, whose work comes from everywhere.</param>
/// <param name="CreatedAt">When it began.</param>
public sealed record AgentSession(Guid Id, Guid OrganizationId, Guid AgentId, string Key, SessionKind Kind, Guid? ConversationId, DateTimeOffset CreatedAt);

/// <summary>What a session is for.</summary>
public enum SessionKind
{
    /// <summary>Direct messages, channels and <c>agent_chat</c>.</summary>
    Main,

    /// <summary>One meeting.</summary>
    Meeting,
}
