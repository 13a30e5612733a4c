using System.Text;
using System.Text.Json;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>What a caller hands in to be sent, before it was checked.</summary>
public sealed record SendInput
{
    /// <summary><c>aaron</c> or <c>@aaron</c> for an agent, <c>#general</c> for a channel, <c>chat</c> is the organization's agent_chat; null is the project's <c>#general</c>.</summary>
    public string? To { get; init; }

    /// <summary>The project by name or id, where a channel is meant; null is the only one the sender is in.</summary>
    public string? Project { get; init; }

    /// <summary>What it is for.</summary>
    public string? Type { get; init; }

    /// <summary>The text.</summary>
    public string? Content { get; init; }

    /// <summary>A JSON object, or null.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Names; null takes them from the text.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>What the sender calls itself; null takes the agent's own.</summary>
    public string? AgentType { get; init; }

    /// <summary>The sender's session, or null.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Makes a repeated call find the first one; 1–128 characters.</summary>
    public string? Key { get; init; }

    /// <summary>The message it answers, or null.</summary>
    public Guid? ReplyTo { get; init; }

    /// <summary>When a reply is asked for, or null.</summary>
    public DateTimeOffset? ReplyBy { get; init; }

    /// <summary>How long it is of use, or null.</summary>
    public TimeSpan? TimeToLive { get; init; }
}

/// <summary>A checked message that has no number yet.</summary>
public sealed record Draft(
    string? To, string? Project, MessageType Type, string Content, string Metadata, IReadOnlyList<string> Mentions,
    string? AgentType, Guid? SessionId, string? Key, Guid? ReplyTo, DateTimeOffset? ReplyBy, TimeSpan? TimeToLive)
{
    /// <summary>What the names of metadata begin with that only Parley itself writes.</summary>
    public const string Reserved = "parley.";

    /// <summary>Checks every field against <see cref="Limits"/>; throws <c>invalid_request</c> or <c>too_large</c> naming the field.</summary>
    public static Draft From(SendInput input, DateTimeOffset now)
    {
        var content = Text(input.Content);
        return new Draft(
            Target(input.To), ProjectOf(input.Project), TypeOf(input.Type), content, MetadataOf(input.Metadata), MentionsOf(input.Mentions, content),
            input.AgentType is null ? null : Name.Check(input.AgentType, "agent_type"), input.SessionId, KeyOf(input.Key), input.ReplyTo,
            ReplyByOf(input, now), TimeToLiveOf(input.TimeToLive));
    }

    private static string? Target(string? to) => to is null ? null : to.Trim() is { Length: > 0 and <= 2 * Limits.NameLength } name && !Unstorable(name)
        ? name
        : throw ParleyError.Invalid("to", "The recipient is empty or too long.", "Name an agent (aaron) or a channel (#general).");

    private static string? ProjectOf(string? project) => project is null || (project.Length <= 2 * Limits.NameLength && !Unstorable(project))
        ? project
        : throw ParleyError.Invalid("project", "The project's name is too long or not text.", "Name the project by its name or id.");

    private static string Text(string? content)
    {
        if (string.IsNullOrWhiteSpace(content))
        {
            throw ParleyError.Invalid("content", "The message has no text.", "Send a text in 'content'.");
        }

        if (content.Length > Limits.ContentBytes || (content.Length > Limits.ContentBytes / 3 && Encoding.UTF8.GetByteCount(content) > Limits.ContentBytes))
        {
            throw new ParleyError(ErrorCode.TooLarge, "The text is over 64 KiB.", "Send a summary and where to find the rest.") { Field = "content" };
        }

        return Unstorable(content)
            ? throw ParleyError.Invalid("content", "The text has a NUL character or half a surrogate pair.", "Send valid Unicode text.")
            : content;
    }

    internal static MessageType TypeOf(string? type) => type switch
    {
        null => MessageType.Chat,
        "status" => MessageType.Status,
        "request" => MessageType.Request,
        "discovery" => MessageType.Discovery,
        "coordination" => MessageType.Coordination,
        "chat" => MessageType.Chat,
        "result" => MessageType.Result,
        _ => throw ParleyError.Invalid("type", "The message type is unknown.", "Use status, request, discovery, coordination, chat or result."),
    };

    private static string MetadataOf(JsonElement? metadata)
    {
        if (metadata is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value)
        {
            return "{}";
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw ParleyError.Invalid("metadata", "The metadata is not a JSON object.", "Send an object such as {\"ticket\": 7}.");
        }

        if (value.EnumerateObject().Any(member => member.Name.StartsWith(Reserved, StringComparison.Ordinal)))
        {
            throw ParleyError.Invalid("metadata", "Names that begin with 'parley.' are Parley's own.", "Choose another name in the metadata.");
        }

        var json = value.GetRawText();
        if (Encoding.UTF8.GetByteCount(json) > Limits.MetadataBytes)
        {
            throw new ParleyError(ErrorCode.TooLarge, "The metadata is over 32 KiB.", "Keep large data elsewhere and send where it is.") { Field = "metadata" };
        }

        return json.Contains("\\u0000", StringComparison.Ordinal)
            ? throw ParleyError.Invalid("metadata", "The metadata has a NUL character.", "Leave it out.")
            : json;
    }

    private static IReadOnlyList<string> MentionsOf(IReadOnlyList<string>? names, string content)
    {
        if (names is null)
        {
            return Messages.Mentions.In(content);
        }

        return names.Count <= Limits.Mentions
            ? [.. names.Select(name => Name.Check(name?.TrimStart('@'), "mentions")).Distinct()]
            : throw new ParleyError(ErrorCode.TooLarge, "More than 16 names are mentioned.", "Mention fewer, or post to a channel.") { Field = "mentions" };
    }

    private static string? KeyOf(string? key) => key switch
    {
        null => null,
        { Length: >= 1 and <= Limits.KeyLength } when !Unstorable(key) => key,
        _ => throw ParleyError.Invalid("key", "The key is empty, too long, or not text.", "Use 1 to 128 characters."),
    };

    private static DateTimeOffset? ReplyByOf(SendInput input, DateTimeOffset now)
    {
        if (input.ReplyBy is not { } replyBy)
        {
            return null;
        }

        if (input.To?.TrimStart() is null or ['#', ..])
        {
            throw ParleyError.Invalid("reply_by", "Nobody in a channel owes the reply.", "Ask an agent directly, or several by mentions in agent_chat.");
        }

        return replyBy > now && replyBy < now.AddYears(1)
            ? replyBy.ToUniversalTime()
            : throw ParleyError.Invalid("reply_by", "The time to reply by is not within the coming year.", "Send a time in the future, as ISO 8601.");
    }

    private static TimeSpan? TimeToLiveOf(TimeSpan? ttl) =>
        ttl is null || (ttl >= TimeSpan.FromSeconds(1) && ttl <= TimeSpan.FromDays(365))
            ? ttl
            : throw ParleyError.Invalid("ttl", "The time to live is out of bounds.", "Use 1 second to 365 days.");

    /// <summary>Whether the text has a NUL character or half a surrogate pair, which a store could not give back.</summary>
    internal static bool Unstorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i]))))
            {
                return true;
            }
        }

        return false;
    }
}
