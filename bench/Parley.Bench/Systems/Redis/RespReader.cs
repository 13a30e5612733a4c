using System.Buffers.Text;
using System.Text;

namespace Parley.Bench.Systems.Redis;

/// <summary>Reads replies of the Redis protocol from bytes that may end in the middle of one.</summary>
ref struct RespReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Steps over one whole reply, or returns false when its end has not arrived.</summary>
    public bool TrySkip()
    {
        for (var open = 1L; open > 0; open--)
        {
            if (!TryReadHeader(out var type, out var number))
                return false;
            if (type == '*')
                open += Math.Max(0, number);
            else if (type == '$' && number >= 0 && !TryTake((int)number + 2, out _))
                return false;
        }

        return true;
    }

    /// <summary>The number of elements of the array that follows; the reply is known to be complete.</summary>
    public int ReadArray() => TryReadHeader(out var type, out var number) && type == '*'
        ? (int)number
        : throw new BenchException("Redis answered with something other than an array.");

    /// <summary>The string that follows; the reply is known to be complete.</summary>
    public ReadOnlySpan<byte> ReadBulk() =>
        TryReadHeader(out var type, out var length) && type == '$' && TryTake((int)length + 2, out var value)
            ? value[..^2]
            : throw new BenchException("Redis answered with something other than a string.");

    bool TryReadHeader(out byte type, out long number)
    {
        (type, number) = (0, 0);
        var end = bytes[Position..].IndexOf("\r\n"u8);
        if (end < 0)
            return false;
        var line = bytes.Slice(Position, end);
        Position += end + 2;
        type = line[0];
        if (type == '-')
            throw new BenchException($"Redis refused: {Encoding.UTF8.GetString(line[1..])}");
        return type == '+' || Utf8Parser.TryParse(line[1..], out number, out _)
            ? true
            : throw new BenchException("Redis answered with a length that is not a number.");
    }

    bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        var complete = bytes.Length - Position >= count;
        taken = complete ? bytes.Slice(Position, count) : default;
        Position += complete ? count : 0;
        return complete;
    }
}
