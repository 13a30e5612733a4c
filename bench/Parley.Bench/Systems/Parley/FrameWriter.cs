using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Parley.Bench.Systems.Parley;

/// <summary>Builds WebSocket frames (RFC 6455) of a client. The masking key is zero, so that the text stays as it is; the server unmasks it all the same.</summary>
sealed class FrameWriter
{
    const byte FinalText = 0x81;
    const byte FinalPong = 0x8A;
    const byte Masked = 0x80;
    const byte TwoByteLength = 126;
    const int MaskBytes = 4;

    readonly ArrayBufferWriter<byte> buffer = new(4096);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Clear() => buffer.ResetWrittenCount();

    /// <summary>A text frame of two fixed parts with an ASCII text between them.</summary>
    public void Text(ReadOnlySpan<byte> before, ReadOnlySpan<byte> text, ReadOnlySpan<byte> after)
    {
        Header(FinalText, before.Length + text.Length + after.Length);
        buffer.Write(before);
        buffer.Write(text);
        buffer.Write(after);
    }

    /// <summary>Acknowledges an inbox up to a number.</summary>
    public void Acknowledge(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        Text("{\"type\":\"ack\",\"cursor\":"u8, digits[..length], "}"u8);
    }

    public void Pong(ReadOnlySpan<byte> payload)
    {
        Header(FinalPong, payload.Length);
        buffer.Write(payload);
    }

    void Header(byte kind, int length)
    {
        var header = buffer.GetSpan(4 + MaskBytes);
        header[0] = kind;
        var size = 2;
        if (length < TwoByteLength)
            header[1] = (byte)(Masked | length);
        else
        {
            header[1] = Masked | TwoByteLength;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], checked((ushort)length));
            size = 4;
        }

        header.Slice(size, MaskBytes).Clear();
        buffer.Advance(size + MaskBytes);
    }
}
