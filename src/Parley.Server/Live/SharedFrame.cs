using System.Text;
using System.Text.Json;
using Parley.Client.Wire;
using Parley.Core.Messages;
using Parley.Server.Mapping;

namespace Parley.Server.Live;

/// <summary>
/// A message as JSON, written once for all its recipients: each recipient's own fields (number, cursor, state, attempts) are the last ones and
/// are added when it is handed over.
/// </summary>
internal sealed class SharedFrame(Message message)
{
    private byte[]? json;

    public Message Message => message;

    /// <summary>The whole object for readers without an inbox.</summary>
    public static ReadOnlyMemory<byte> End { get; } = "}"u8.ToArray();

    /// <summary>The object without its closing brace.</summary>
    public ReadOnlyMemory<byte> Body => (json ??= JsonSerializer.SerializeToUtf8Bytes(MessageMapping.ToView(message), WireJson.Default.MessageView)).AsMemory()[..^1];

    /// <summary>The recipient's own fields and the closing brace, written into the buffer; returns how many bytes.</summary>
    public static int WriteOwnFields(Span<byte> buffer, string epoch, long number, DeliveryState state, int attempts)
    {
        System.Text.Unicode.Utf8.TryWrite(
            buffer, $",\"inbox_number\":{number},\"cursor\":\"{epoch}-{number}\",\"state\":\"{WireNames.Of(state)}\",\"attempts\":{attempts}}}", out var written);
        return written;
    }
}
