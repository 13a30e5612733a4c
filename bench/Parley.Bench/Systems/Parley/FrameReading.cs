using System.Buffers.Text;
using System.Text;

namespace Parley.Bench.Systems.Parley;

/// <summary>What the few fields of Parley's frames say that the benchmark needs, found without parsing the JSON.</summary>
static class FrameReading
{
    /// <summary>Whether the frame is a message. Throws for an error.</summary>
    public static bool IsDelivery(ReadOnlySpan<byte> frame)
    {
        if (!frame.StartsWith("{\"type\":\"ack"u8) && !frame.StartsWith("{\"type\":\"error"u8))
            return true;
        ThrowIfError(frame);
        return false;
    }

    public static void ThrowIfError(ReadOnlySpan<byte> frame)
    {
        if (frame.StartsWith("{\"type\":\"error"u8))
            throw new BenchException($"Parley refused: {Encoding.UTF8.GetString(frame)}");
    }

    /// <summary>The text of a message. The benchmark's texts need no escapes.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> delivery)
    {
        var from = After(delivery, "\"content\":\""u8, delivery.IndexOf("\"content\":\""u8));
        return from[..from.IndexOf((byte)'"')];
    }

    /// <summary>The spawned session whose result the message is.</summary>
    public static string SessionKey(ReadOnlySpan<byte> delivery)
    {
        var from = After(delivery, "\"sessionKey\":\""u8, delivery.IndexOf("\"sessionKey\":\""u8));
        return Encoding.ASCII.GetString(from[..from.IndexOf((byte)'"')]);
    }

    /// <summary>Its number in the recipient's inbox.</summary>
    public static long InboxNumber(ReadOnlySpan<byte> delivery)
    {
        // The recipient's own fields come last.
        var from = After(delivery, "\"inbox_number\":"u8, delivery.LastIndexOf("\"inbox_number\":"u8));
        return Utf8Parser.TryParse(from, out long number, out _) ? number : throw Unexpected(delivery);
    }

    static ReadOnlySpan<byte> After(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> field, int at) =>
        at < 0 ? throw Unexpected(frame) : frame[(at + field.Length)..];

    static BenchException Unexpected(ReadOnlySpan<byte> frame) => new($"Parley sent a frame that was not expected: {Encoding.UTF8.GetString(frame)}");
}
