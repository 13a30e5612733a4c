using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Server.WebSockets;

/// <summary>A frame as a client sends it: the founding document's message with what Parley adds, or a control frame.</summary>
internal sealed record SocketFrame
{
    public string? Type { get; init; }

    public string? Content { get; init; }

    public JsonElement? Metadata { get; init; }

    public string? AgentType { get; init; }

    public string? To { get; init; }

    public string? Project { get; init; }

    public IReadOnlyList<string>? Mentions { get; init; }

    public Guid? SessionId { get; init; }

    public string? Key { get; init; }

    public Guid? ReplyTo { get; init; }

    public DateTimeOffset? ReplyBy { get; init; }

    public double? Ttl { get; init; }

    public string? Ref { get; init; }

    public JsonElement? Cursor { get; init; }
}

/// <summary>The first frame to a client that speaks parley.v1.</summary>
internal sealed record HelloFrame(string Type, string Protocol, string Agent, string? Cursor, long? Head, string Epoch, string Server);

/// <summary>The answer to a resume.</summary>
internal sealed record ResumedFrame(string Type, string Cursor);

/// <summary>The answer to a ping.</summary>
internal sealed record PongFrame(string Type, string? Ref);

/// <summary>The answer to an acknowledgement.</summary>
internal sealed record AckedFrame(string Type, string? Ref, string Cursor, int Acknowledged, long Unread, string Durability);

/// <summary>What stands before the fields of a send's answer.</summary>
internal sealed record AckHead(string Type, string? Ref, string? Key);

/// <summary>An error.</summary>
internal sealed record ErrorFrame(
    string Type, string? Ref, string? Key, string Code, string Message, string Fix, string? Field, double? RetryAfter, IReadOnlyDictionary<string, JsonElement>? Details);

/// <summary>How frames are read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 32)]
[JsonSerializable(typeof(SocketFrame))]
[JsonSerializable(typeof(HelloFrame))]
[JsonSerializable(typeof(ResumedFrame))]
[JsonSerializable(typeof(PongFrame))]
[JsonSerializable(typeof(AckedFrame))]
[JsonSerializable(typeof(AckHead))]
[JsonSerializable(typeof(ErrorFrame))]
internal sealed partial class SocketJson : JsonSerializerContext
{
    /// <summary>For sentences that people and agents read: quotes are not escaped for HTML.</summary>
    public static SocketJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Refuses unknown fields: for clients that speak parley.v1.</summary>
    public static SocketJson Strict { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 32,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    });
}
