using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>Writes the client's frames into one buffer that is used again and again.</summary>
internal sealed class FrameWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly Utf8JsonWriter json;

    public FrameWriter() => json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>The frame, valid until the next one is written.</summary>
    public ReadOnlyMemory<byte> Send(SendRequest message, long reference)
    {
        Begin(reference);
        Write("type"u8, message.Type ?? "chat");
        Write("to"u8, message.To);
        Write("project"u8, message.Project);
        Write("content"u8, message.Content);
        Write("key"u8, message.Key);
        Write("agent_type"u8, message.AgentType);
        if (message.Metadata is { } metadata)
        {
            json.WritePropertyName("metadata"u8);
            metadata.WriteTo(json);
        }

        if (message.Mentions is { } mentions)
        {
            json.WriteStartArray("mentions"u8);
            foreach (var name in mentions)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        if (message.SessionId is { } session)
        {
            json.WriteString("session_id"u8, session);
        }

        if (message.ReplyTo is { } reply)
        {
            json.WriteString("reply_to"u8, reply);
        }

        if (message.ReplyBy is { } by)
        {
            json.WriteString("reply_by"u8, by);
        }

        if (message.Ttl is { } ttl)
        {
            json.WriteNumber("ttl"u8, ttl);
        }

        return End();
    }

    /// <summary>An <c>ack</c> or <c>resume</c> frame.</summary>
    public ReadOnlyMemory<byte> Cursor(ReadOnlySpan<byte> type, string cursor, long? reference)
    {
        Begin(reference);
        json.WriteString("type"u8, type);
        json.WriteString("cursor"u8, cursor);
        return End();
    }

    public void Dispose() => json.Dispose();

    private void Begin(long? reference)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        if (reference is { } number)
        {
            Span<char> digits = stackalloc char[20];
            number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
            json.WriteString("ref"u8, digits[..length]);
        }
    }

    private ReadOnlyMemory<byte> End()
    {
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private void Write(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
