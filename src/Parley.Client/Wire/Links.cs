namespace Parley.Client.Wire;

/// <summary>Links two agents: <c>POST /api/v1/links</c>.</summary>
/// <param name="Agent">One agent.</param>
/// <param name="Peer">The other.</param>
/// <param name="Settings">What is absent takes its default.</param>
public sealed record CreateLinkRequest(string? Agent, string? Peer, LinkSettingsPatch? Settings = null);

/// <summary>Settings of a link; what is absent stays, or takes its default on a new link: <c>PATCH /api/v1/links/{id}</c>.</summary>
/// <param name="MessagesPerWindow">Credits of both directions together, 1–500, default 30.</param>
/// <param name="WindowHours">1–168, default 6.</param>
/// <param name="DebounceSeconds">0–3600, default 5.</param>
/// <param name="StrictDebounce">True: any message within the debounce time is refused. Default false.</param>
/// <param name="PreferredEndpoint">The door that the recipient prefers.</param>
/// <param name="Enabled">Default true.</param>
/// <param name="Hold">True: a person approves each message. Default false.</param>
public sealed record LinkSettingsPatch(
    int? MessagesPerWindow = null, int? WindowHours = null, int? DebounceSeconds = null, bool? StrictDebounce = null, string? PreferredEndpoint = null,
    bool? Enabled = null, bool? Hold = null);

/// <summary>A link with its credits.</summary>
public sealed record LinkView
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>One agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The other agent.</summary>
    public required string Peer { get; init; }

    /// <summary>Their direct conversation.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>Credits of both directions together.</summary>
    public required int MessagesPerWindow { get; init; }

    /// <summary>Length of the window in hours.</summary>
    public required int WindowHours { get; init; }

    /// <summary>Debounce time in seconds.</summary>
    public required int DebounceSeconds { get; init; }

    /// <summary>Whether any message within the debounce time is refused.</summary>
    public required bool StrictDebounce { get; init; }

    /// <summary>The door that the recipient prefers.</summary>
    public required string PreferredEndpoint { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Whether a person approves each message.</summary>
    public required bool Hold { get; init; }

    /// <summary>Whether a person has halted it.</summary>
    public required bool Halted { get; init; }

    /// <summary>Messages still allowed in this window.</summary>
    public required int CreditsRemaining { get; init; }

    /// <summary>When the bucket is full again; null before the first message.</summary>
    public DateTimeOffset? WindowResetAt { get; init; }

    /// <summary>When the last message was accepted.</summary>
    public DateTimeOffset? LastMessageAt { get; init; }

    /// <summary>Messages that wait for credits.</summary>
    public required int Waiting { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
