namespace Parley.Bench.Systems.Redis;

/// <summary>The entries in a complete reply to a read of one stream: [[stream, [[id, [field, value]], …]]].</summary>
ref struct StreamReply
{
    RespReader reader;
    int taken;

    public StreamReply(ReadOnlySpan<byte> reply)
    {
        reader = new RespReader(reply);
        reader.ReadArray();
        reader.ReadArray();
        reader.ReadBulk();
        Count = reader.ReadArray();
    }

    public int Count { get; }

    public bool TryTake(out ReadOnlySpan<byte> id, out ReadOnlySpan<byte> payload)
    {
        id = payload = default;
        if (taken++ == Count)
            return false;
        reader.ReadArray();
        id = reader.ReadBulk();
        reader.ReadArray();
        reader.ReadBulk();
        payload = reader.ReadBulk();
        return true;
    }
}
