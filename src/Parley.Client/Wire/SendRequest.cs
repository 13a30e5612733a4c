using System.Text.Json;

namespace Parley.Client.Wire;

/// <summary>What to send: the body of <c>POST /api/v1/messages</c>, and the frame of a WebSocket.</summary>
public sealed record SendRequest
{
    /// <summary><c>aaron</c> for an agent, <c>#general</c> for a channel, <c>agent_chat</c> for the organization's chat, <c>meeting:</c> and an id or name for a meeting; absent means the project's <c>#general</c>.</summary>
    public string? To { get; init; }

    /// <summary>The project by name or id where a channel is meant; absent where the sender is in one project only.</summary>
    public string? Project { get; init; }

    /// <summary><c>status</c>, <c>request</c>, <c>discovery</c>, <c>coordination</c>, <c>chat</c> (default) or <c>result</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The text, at most 64 KiB in UTF-8.</summary>
    public string? Content { get; init; }

    /// <summary>A JSON object, at most 32 KiB.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Names mentioned, at most 16; absent takes them from the text.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>What the sender calls itself; absent takes the agent's own type.</summary>
    public string? AgentType { get; init; }

    /// <summary>The sender's session.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Makes a repeated send find the first one; 1 to 128 characters.</summary>
    public string? Key { get; init; }

    /// <summary>The id of the message that this one answers.</summary>
    public Guid? ReplyTo { get; init; }

    /// <summary>When a reply is asked for (ISO 8601).</summary>
    public DateTimeOffset? ReplyBy { get; init; }

    /// <summary>Seconds after which the message is of no use.</summary>
    public double? Ttl { get; init; }
}
