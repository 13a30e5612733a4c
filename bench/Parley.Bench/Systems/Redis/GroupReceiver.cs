using System.Globalization;
using System.Text;
using Parley.Bench.Works;

namespace Parley.Bench.Systems.Redis;

/// <summary>Reads a stream as the one consumer of a group. The acknowledgement and the next blocking read leave in one write.</summary>
sealed class GroupReceiver(RespConnection connection, byte[] stream, int batch)
{
    readonly byte[] count = Encoding.ASCII.GetBytes(batch.ToString(CultureInfo.InvariantCulture));
    readonly RespWriter commands = new();

    public async Task CreateGroupAsync(CancellationToken cancellation)
    {
        commands.Array(6).Bulk("XGROUP"u8).Bulk("CREATE"u8).Bulk(stream).Bulk("g"u8).Bulk("0"u8).Bulk("MKSTREAM"u8);
        connection.Send(commands);
        connection.Consume(await connection.WaitForReplyAsync(cancellation));
    }

    public async Task ReceiveAsync(Inbox inbox, CancellationToken cancellation)
    {
        AskForMore();
        while (true)
        {
            var length = await connection.WaitForReplyAsync(cancellation);
            var received = TakeMessages(inbox);
            connection.Consume(length);
            AskForMore();

            connection.Consume(await connection.WaitForReplyAsync(cancellation));
            inbox.Acknowledged(received);
        }
    }

    void AskForMore()
    {
        commands.Array(11).Bulk("XREADGROUP"u8).Bulk("GROUP"u8).Bulk("g"u8).Bulk("c"u8).Bulk("COUNT"u8).Bulk(count)
            .Bulk("BLOCK"u8).Bulk("0"u8).Bulk("STREAMS"u8).Bulk(stream).Bulk(">"u8);
        connection.Send(commands);
    }

    int TakeMessages(Inbox inbox)
    {
        var messages = new StreamReply(connection.Arrived);
        commands.Array(3 + messages.Count).Bulk("XACK"u8).Bulk(stream).Bulk("g"u8);
        while (messages.TryTake(out var id, out var payload))
        {
            inbox.Received(payload);
            commands.Bulk(id);
        }

        return messages.Count;
    }
}
