using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Parley.Bench.Works;

/// <summary>A text of 200 ASCII characters whose first 16 are the time of the send in hexadecimal, so that a receiver needs no table to know the latency.</summary>
sealed class Payload
{
    const int Length = 200;
    const int StampLength = 16;

    readonly byte[] text = Encoding.ASCII.GetBytes(new string('x', Length));

    /// <summary>The text with the present time in it. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Stamp()
    {
        if (!Utf8Formatter.TryFormat(Stopwatch.GetTimestamp(), text, out _, new('x', StampLength)))
            throw new InvalidOperationException("The stamp does not fit.");
        return text;
    }

    /// <summary>Stopwatch ticks since the payload was stamped.</summary>
    public static long Age(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != Length || !Utf8Parser.TryParse(payload[..StampLength], out long sent, out _, 'x'))
            throw new BenchException($"A message arrived that was not sent by this program ({payload.Length} bytes).");
        return Stopwatch.GetTimestamp() - sent;
    }
}
