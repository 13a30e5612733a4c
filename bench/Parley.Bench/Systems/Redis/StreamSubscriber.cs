using Parley.Bench.Works;

namespace Parley.Bench.Systems.Redis;

/// <summary>Follows a stream with XREAD on a connection of its own. There is nothing to acknowledge: the position is the subscriber's.</summary>
sealed class StreamSubscriber(RespConnection connection, byte[] stream)
{
    readonly RespWriter commands = new();
    byte[] position = "0"u8.ToArray();

    public async Task ReceiveAsync(Inbox inbox, CancellationToken cancellation)
    {
        while (true)
        {
            commands.Array(6).Bulk("XREAD"u8).Bulk("BLOCK"u8).Bulk("0"u8).Bulk("STREAMS"u8).Bulk(stream).Bulk(position);
            connection.Send(commands);
            var length = await connection.WaitForReplyAsync(cancellation);
            TakeMessages(inbox);
            connection.Consume(length);
        }
    }

    void TakeMessages(Inbox inbox)
    {
        var messages = new StreamReply(connection.Arrived);
        ReadOnlySpan<byte> last = default;
        while (messages.TryTake(out var id, out var payload))
        {
            inbox.Received(payload);
            last = id;
        }

        position = last.ToArray();
    }
}
