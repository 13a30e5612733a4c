using Parley.Core.Conversations;

namespace Parley.Core.Messages;

/// <summary>What was said, as it is stored. Provenance stands beside the text, never in it.</summary>
public sealed record Message
{
    /// <summary>Unique everywhere (UUID version 7). Never a cursor.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Where it was said.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>The kind of that conversation.</summary>
    public required ConversationKind ConversationKind { get; init; }

    /// <summary>Its number in the conversation: 1, 2, 3… without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>The project of a channel, else null.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>The name of the channel, else null.</summary>
    public string? Channel { get; init; }

    /// <summary>A person, an agent, or Parley.</summary>
    public required CallerKind SenderKind { get; init; }

    /// <summary>The sender's id.</summary>
    public required Guid SenderId { get; init; }

    /// <summary>The sender's name when it was said.</summary>
    public required string SenderName { get; init; }

    /// <summary>What the sender calls itself (<c>agent_type</c>).</summary>
    public string SenderType { get; init; } = "";

    /// <summary>The session in which it was said, or null.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The other agent of a peer message (<c>peer_agent_id</c>), else null.</summary>
    public Guid? PeerAgentId { get; init; }

    /// <summary>What it is for.</summary>
    public required MessageType Type { get; init; }

    /// <summary>The text.</summary>
    public required string Content { get; init; }

    /// <summary>A JSON object with what the sender adds.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The names it mentions.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>The message it answers, or null.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The message that started the chain; its own id where it starts one.</summary>
    public required Guid RootId { get; init; }

    /// <summary>How many agents' messages lie between it and its root.</summary>
    public int Depth { get; init; }

    /// <summary>The sender's key, or null.</summary>
    public string? Key { get; init; }

    /// <summary>When a reply is asked for, or null.</summary>
    public DateTimeOffset? ReplyBy { get; init; }

    /// <summary>When it loses its use, or null.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why its text is kept from its recipients for now, if it is.</summary>
    public Withheld Withheld { get; init; }

    /// <summary>What the sender was answered, so that the same key gets the same answer.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The credits left after it, or null where no link counts.</summary>
    public int? CreditsLeft { get; init; }

    /// <summary>When the link's window resets, or null where no link counts.</summary>
    public DateTimeOffset? WindowResetAt { get; init; }

    /// <summary>When a deferred message was promised, else null.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a message is for.</summary>
public enum MessageType
{
    /// <summary>Tells a state.</summary>
    Status,

    /// <summary>Asks for help.</summary>
    Request,

    /// <summary>Shares a finding.</summary>
    Discovery,

    /// <summary>Arranges work.</summary>
    Coordination,

    /// <summary>Talk.</summary>
    Chat,

    /// <summary>The outcome of a session.</summary>
    Result,

    /// <summary>A notice of Parley; no caller can send one.</summary>
    System,
}

/// <summary>Why a message's text is kept from its recipients.</summary>
public enum Withheld
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>It waits for a person.</summary>
    Held,

    /// <summary>It waits for credits.</summary>
    Deferred,

    /// <summary>A person refused it.</summary>
    Refused,

    /// <summary>It expired before it was released.</summary>
    Expired,
}

/// <summary>What an accepted send is answered.</summary>
public enum Verdict
{
    /// <summary>It is on its way.</summary>
    Accepted,

    /// <summary>It waits for credits.</summary>
    Deferred,

    /// <summary>It waits for a person.</summary>
    Held,
}
