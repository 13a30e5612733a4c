using System.Buffers;
using System.Buffers.Text;

namespace Parley.Bench.Systems.Redis;

/// <summary>Builds commands in the Redis protocol: arrays of bulk strings.</summary>
sealed class RespWriter
{
    readonly ArrayBufferWriter<byte> buffer = new(4096);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Clear() => buffer.ResetWrittenCount();

    public RespWriter Array(int count) => Header((byte)'*', count);

    public RespWriter Bulk(ReadOnlySpan<byte> value)
    {
        Header((byte)'$', value.Length);
        buffer.Write(value);
        buffer.Write("\r\n"u8);
        return this;
    }

    RespWriter Header(byte type, int number)
    {
        var space = buffer.GetSpan(16);
        space[0] = type;
        Utf8Formatter.TryFormat(number, space[1..], out var digits);
        "\r\n"u8.CopyTo(space[(1 + digits)..]);
        buffer.Advance(digits + 3);
        return this;
    }
}
