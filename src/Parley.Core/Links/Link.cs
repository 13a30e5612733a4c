namespace Parley.Core.Links;

/// <summary>The symmetric permission of two agents to message each other (<c>AgentPeerLink</c>).</summary>
/// <param name="Id">The link.</param>
/// <param name="OrganizationId">The tenant of both agents.</param>
/// <param name="AgentA">One agent; of the two ids the smaller.</param>
/// <param name="AgentB">The other agent.</param>
/// <param name="ConversationId">The direct conversation of the two (<c>is_peer_dm</c>).</param>
/// <param name="Settings">Quota, debounce, hold and the switch.</param>
/// <param name="CreatedAt">When a person made it.</param>
/// <param name="RemovedAt">When a person removed it; its history stays.</param>
public sealed record Link(
    Guid Id, Guid OrganizationId, Guid AgentA, Guid AgentB, Guid ConversationId, LinkSettings Settings,
    DateTimeOffset CreatedAt, DateTimeOffset? RemovedAt)
{
    /// <summary>The two ids in the order in which a pair is stored. Throws <c>invalid_request</c> for a link of an agent to itself.</summary>
    public static (Guid A, Guid B) Pair(Guid one, Guid other) => one.CompareTo(other) switch
    {
        < 0 => (one, other),
        > 0 => (other, one),
        _ => throw ParleyError.Invalid("peer", "An agent cannot be linked to itself.", "Name two different agents."),
    };
}

/// <summary>What a person sets on a link.</summary>
/// <param name="MessagesPerWindow">Credits of both directions together in one window, 1–500.</param>
/// <param name="WindowHours">Length of the window in hours, 1–168.</param>
/// <param name="DebounceSeconds">Time in which the same text to the same peer is one message, 0–3600.</param>
/// <param name="StrictDebounce">True where any message within the debounce time is refused, not only the same text.</param>
/// <param name="PreferredEndpoint">The door that the recipient prefers, or empty.</param>
/// <param name="Enabled">False where the link is switched off.</param>
/// <param name="Hold">True where a person approves each message.</param>
public sealed record LinkSettings(
    int MessagesPerWindow = 30, int WindowHours = 6, int DebounceSeconds = 5, bool StrictDebounce = false,
    string PreferredEndpoint = "", bool Enabled = true, bool Hold = false)
{
    /// <summary>Returns the settings, or throws <c>invalid_request</c> naming the field that is out of bounds.</summary>
    public LinkSettings Checked()
    {
        Bound(MessagesPerWindow, 1, 500, "messages_per_window");
        Bound(WindowHours, 1, 168, "window_hours");
        Bound(DebounceSeconds, 0, 3600, "debounce_seconds");
        return PreferredEndpoint.Length <= 200
            ? this
            : throw ParleyError.Invalid("preferred_endpoint", "The preferred endpoint is too long.", "Use at most 200 characters.");
    }

    private static void Bound(int value, int least, int most, string field)
    {
        if (value < least || value > most)
        {
            throw ParleyError.Invalid(field, $"{field} is {value}.", $"Use a whole number from {least} to {most}.");
        }
    }
}

/// <summary>The credit bucket of a link and channel (<c>AgentCommPeerState</c>).</summary>
/// <param name="LinkId">Whose credits.</param>
/// <param name="Channel">By which channel; direct messages are <see cref="Direct"/>.</param>
/// <param name="CreditsRemaining">Messages that may still be sent in this window, by either agent.</param>
/// <param name="WindowResetAt">When the bucket is full again.</param>
/// <param name="LastMessageAt">When the last message was accepted, or null before the first.</param>
/// <param name="Waiting">Messages that wait for credits.</param>
/// <param name="Turn">Counts the messages that ever had to wait, so that they are released in the order accepted.</param>
public sealed record LinkState(
    Guid LinkId, string Channel, int CreditsRemaining, DateTimeOffset WindowResetAt, DateTimeOffset? LastMessageAt, int Waiting, long Turn)
{
    /// <summary>The channel of direct messages.</summary>
    public const string Direct = "direct";
}
