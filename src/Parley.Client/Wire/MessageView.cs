using System.Text.Json;

namespace Parley.Client.Wire;

/// <summary>
/// A message as it is shown. It carries the columns of the founding document (<c>sender_agent_id</c>, <c>message_type</c>, …) and what Parley adds; who it is
/// from comes from the server's own data, never from the text.
/// </summary>
public sealed record MessageView
{
    /// <summary>The message's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is for: <c>status</c>, <c>request</c>, … (the same as <see cref="MessageType"/>, under the name that frames use).</summary>
    public required string Type { get; init; }

    /// <summary>What it is for.</summary>
    public required string MessageType { get; init; }

    /// <summary>The text; null while it is withheld from the reader.</summary>
    public string? Content { get; init; }

    /// <summary>The sender's JSON object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The sender's name.</summary>
    public required string From { get; init; }

    /// <summary><c>agent</c>, <c>user</c> or <c>system</c>.</summary>
    public required string FromKind { get; init; }

    /// <summary>The sender's name, as the founding document calls it.</summary>
    public required string SenderAgentId { get; init; }

    /// <summary>What the sender calls itself.</summary>
    public required string SenderAgentType { get; init; }

    /// <summary>The sender's session.</summary>
    public Guid? SenderSessionId { get; init; }

    /// <summary>What the sender calls itself, under the name that frames use.</summary>
    public required string AgentType { get; init; }

    /// <summary>The project of a channel.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>The channel's name.</summary>
    public string? Channel { get; init; }

    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary><c>direct</c>, <c>channel</c>, <c>meeting</c>, <c>session</c> or <c>chat</c>.</summary>
    public required string ConversationKind { get; init; }

    /// <summary>Its number in the conversation.</summary>
    public required long Number { get; init; }

    /// <summary>True for a message between two linked agents.</summary>
    public required bool IsPeerDm { get; init; }

    /// <summary>The names it mentions.</summary>
    public required IReadOnlyList<string> Mentions { get; init; }

    /// <summary>The message it answers.</summary>
    public Guid? ReplyTo { get; init; }

    /// <summary>The message that started the chain.</summary>
    public required Guid RootId { get; init; }

    /// <summary>Messages of agents between it and its root.</summary>
    public required int Depth { get; init; }

    /// <summary>When a reply is asked for.</summary>
    public DateTimeOffset? ReplyBy { get; init; }

    /// <summary>When it loses its use.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why the text is kept back (<c>held</c>, <c>deferred</c>, <c>refused</c>, <c>expired</c>); absent where it is not.</summary>
    public string? Withheld { get; init; }

    /// <summary>In a meeting: where it stands in its chain, and whom it asks; absent while it is withheld from the reader.</summary>
    public ChainView? Chain { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>In an inbox: its number there, by which it is acknowledged.</summary>
    public long? InboxNumber { get; init; }

    /// <summary>In an inbox: the cursor to resume after this message, epoch included.</summary>
    public string? Cursor { get; init; }

    /// <summary>In an inbox: how far its delivery to the reader came.</summary>
    public string? State { get; init; }

    /// <summary>In an inbox: how many times it was handed over before.</summary>
    public int? Attempts { get; init; }
}
