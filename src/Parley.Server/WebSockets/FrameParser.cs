using System.Globalization;
using System.Text.Json;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Errors;
using Parley.Server.Mapping;

namespace Parley.Server.WebSockets;

/// <summary>Reads frames. What is not a JSON object of the documented form is <c>invalid_frame</c>.</summary>
internal static class FrameParser
{
    private const int MostReference = 128;
    private const string Form = """Send one JSON object a frame, such as {"type":"request","to":"aaron","content":"Hello"}; a control frame is {"type":"ack","cursor":"…"}, resume or ping.""";

    public static SocketFrame Parse(ReadOnlyMemory<byte> bytes, bool strict)
    {
        SocketFrame? frame;
        try
        {
            frame = JsonSerializer.Deserialize(bytes.Span, strict ? SocketJson.Strict.SocketFrame : SocketJson.Default.SocketFrame);
        }
        catch (JsonException fault)
        {
            var error = ErrorMap.From(fault);
            throw new ParleyError(ErrorCode.InvalidFrame, error.Field is null ? "The frame is not a JSON object." : error.Message, Form, fault) { Field = error.Field };
        }

        return frame switch
        {
            null => throw new ParleyError(ErrorCode.InvalidFrame, "The frame is not a JSON object.", Form),
            { Ref.Length: > MostReference } => throw new ParleyError(ErrorCode.InvalidFrame, "The ref is too long.", "Use at most 128 characters.") { Field = "ref" },
            _ => frame,
        };
    }

    /// <summary>The cursor of a control frame: as it was received, or a plain inbox number.</summary>
    public static Cursor CursorOf(SocketFrame frame, string epoch)
    {
        var text = frame.Cursor switch
        {
            { ValueKind: JsonValueKind.String } value => value.GetString()!,
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            _ => throw new ParleyError(ErrorCode.InvalidFrame, "The frame has no cursor.", "Send the cursor of the last message that was processed.") { Field = "cursor" },
        };
        return Cursor.Parse(text, epoch);
    }

    /// <summary>A message frame as a send; without a recipient it goes to the project of the connection.</summary>
    public static SendInput ToInput(SocketFrame frame, string? project) => new()
    {
        To = frame.To,
        Project = frame.Project ?? project,
        Type = frame.Type ?? "status",
        Content = frame.Content,
        Metadata = frame.Metadata,
        Mentions = frame.Mentions,
        AgentType = frame.AgentType,
        SessionId = frame.SessionId,
        Key = frame.Key,
        ReplyTo = frame.ReplyTo,
        ReplyBy = frame.ReplyBy,
        TimeToLive = Seconds.ToTime(frame.Ttl, "ttl"),
    };
}
