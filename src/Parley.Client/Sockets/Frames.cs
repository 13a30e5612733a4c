using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>The first frame of the server.</summary>
internal sealed record HelloFrame(string Protocol, string Agent, string? Cursor, long? Head, string? Epoch, string? Server);

/// <summary>A refusal on the socket.</summary>
internal sealed record ErrorFrame(string Code, string Message, string? Fix, string? Field, double? RetryAfter)
{
    public ParleyException ToException() =>
        new(new Problem { Code = Code, Title = Message, Fix = Fix ?? "", Field = Field, RetryAfter = RetryAfter });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 32)]
[JsonSerializable(typeof(HelloFrame))]
[JsonSerializable(typeof(ErrorFrame))]
internal sealed partial class FrameJson : JsonSerializerContext;

/// <summary>What a frame of the server is.</summary>
internal enum FrameKind
{
    Message,
    Ack,
    Acked,
    Error,
    Hello,
    Resumed,
    Pong,
}

/// <summary>What a frame is and which send it answers, found without building objects.</summary>
internal readonly record struct FrameHead(FrameKind Kind, long? Ref)
{
    public static FrameHead Read(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame);
        var kind = FrameKind.Message;
        long? reference = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                kind = KindOf(reader);
                if (kind is FrameKind.Message)
                {
                    break;
                }
            }
            else if (reader.ValueTextEquals("ref"u8))
            {
                reader.Read();
                reference = reader.TokenType == JsonTokenType.String && long.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            }
            else
            {
                reader.Skip();
            }
        }

        return new FrameHead(kind, reference);
    }

    private static FrameKind KindOf(Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? FrameKind.Message
        : reader.ValueTextEquals("ack"u8) ? FrameKind.Ack
        : reader.ValueTextEquals("acked"u8) ? FrameKind.Acked
        : reader.ValueTextEquals("error"u8) ? FrameKind.Error
        : reader.ValueTextEquals("hello"u8) ? FrameKind.Hello
        : reader.ValueTextEquals("resumed"u8) ? FrameKind.Resumed
        : reader.ValueTextEquals("pong"u8) ? FrameKind.Pong
        : FrameKind.Message;
}
