namespace Parley.Core.Remotes;

/// <summary>Speaks A2A with other servers. Every call goes through the outbound guard and throws its <c>outbound_refused</c> and <c>outbound_failed</c>.</summary>
public interface IRemoteDoor
{
    /// <summary>Reads the card at an address, or at the usual place below it. Throws <c>invalid_request</c> where there is none that can be used.</summary>
    Task<RemoteCard> ReadCardAsync(Uri address, string? token, CancellationToken cancellationToken);

    /// <summary>Hands a message over. The same id again is the same message.</summary>
    Task<RemoteAnswer> SendAsync(RemoteInterface to, string? token, RemoteMessage message, CancellationToken cancellationToken);

    /// <summary>Looks at a task.</summary>
    Task<RemoteAnswer> PollAsync(RemoteInterface to, string? token, string taskId, CancellationToken cancellationToken);
}

/// <summary>What a remote agent says of itself, as far as Parley needs it.</summary>
/// <param name="Url">Where the card was read.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">One line.</param>
/// <param name="Skills">The names of what it is good at.</param>
/// <param name="Interface">The way in which Parley speaks to it.</param>
public sealed record RemoteCard(string Url, string Name, string Description, IReadOnlyList<string> Skills, RemoteInterface Interface);

/// <summary>A message for a remote agent.</summary>
/// <param name="Id">The same however often it is sent.</param>
/// <param name="Text">The text.</param>
/// <param name="From">Who wrote it.</param>
/// <param name="Context">What the conversation is called there, or null.</param>
public sealed record RemoteMessage(string Id, string Text, string From, RemoteContext? Context);

/// <summary>What a remote agent answered.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Text">What it said; of a refusal or failure the reason.</param>
/// <param name="ContextId">What it calls the conversation, or null.</param>
/// <param name="TaskId">The task, or null.</param>
public sealed record RemoteAnswer(RemoteState State, string? Text, string? ContextId = null, string? TaskId = null);

/// <summary>How far a remote agent is with a message.</summary>
public enum RemoteState
{
    /// <summary>It works on it.</summary>
    Working,

    /// <summary>It has answered.</summary>
    Done,

    /// <summary>It has a question; the next message of the conversation answers it.</summary>
    InputRequired,

    /// <summary>It could not do it, or will not; to repeat it would change nothing.</summary>
    Failed,
}
