using Parley.Core;
using Parley.Server.Live;

namespace Parley.Server.Tests.Live;

public sealed class FrameQueueTests
{
    [Fact]
    public async Task Everything_is_written_in_order_whatever_the_sizes()
    {
        var random = new Random(7);
        var written = new MemoryStream();
        var expected = new MemoryStream();
        var queue = new FrameQueue(written, TimeProvider.System);
        for (var frame = 0; frame < 500; frame++)
        {
            byte[][] parts = [Bytes(random, 12), Bytes(random, frame % 50 == 0 ? 40_000 : 1_500), Bytes(random, 600)];
            while (!queue.TryAppend(parts[0], parts[1], parts[2]))
            {
                queue.Flush();
                await queue.RoomAsync();
            }

            foreach (var part in parts)
            {
                expected.Write(part);
            }
        }

        queue.Flush();
        await queue.EmptyAsync();
        written.ToArray().ShouldBe(expected.ToArray());
    }

    [Fact]
    public void A_message_that_waits_for_many_connections_is_in_memory_once()
    {
        var body = new byte[8_000];
        byte[] header = [0x81, 126, 0, 0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var queues = Enumerable.Range(0, 200).Select(_ => new FrameQueue(Stream.Null, TimeProvider.System)).ToArray();
        foreach (var queue in queues)
        {
            while (queue.TryAppend(header, body))
            {
            }
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(queues.Length * Limits.QueuedBytes / 10);
    }

    [Fact]
    public async Task What_is_small_may_change_after_it_was_appended()
    {
        var written = new MemoryStream();
        var queue = new FrameQueue(written, TimeProvider.System);
        var small = "one"u8.ToArray();
        queue.TryAppend(small).ShouldBeTrue();
        "two"u8.CopyTo(small);
        queue.Append(small).ShouldBeTrue();
        small.AsSpan().Clear();
        queue.Flush();
        await queue.EmptyAsync();
        written.ToArray().ShouldBe("onetwo"u8.ToArray());
    }

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }
}
