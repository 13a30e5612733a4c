using Parley.Bench.Works;

namespace Parley.Bench.Systems.Parley;

/// <summary>Receives messages and acknowledges them, up to <paramref name="batch"/> with one frame, as soon as <paramref name="least"/> have come.</summary>
sealed class FrameReceiver(FrameConnection connection, int batch, int least = 1)
{
    readonly FrameWriter frames = new();
    readonly Queue<int> unanswered = new();
    int taken;

    public async Task ReceiveAsync(Inbox inbox, CancellationToken cancellation)
    {
        while (true)
        {
            await connection.ReadMoreAsync(cancellation);
            TakeFrames(inbox);
        }
    }

    void TakeFrames(Inbox inbox)
    {
        var last = 0L;
        while (connection.TryTake(out var frame))
        {
            if (!FrameReading.IsDelivery(frame))
            {
                inbox.Acknowledged(unanswered.Dequeue());
                continue;
            }

            inbox.Received(FrameReading.Content(frame));
            last = FrameReading.InboxNumber(frame);
            if (++taken == batch)
                Acknowledge(last);
        }

        if (last > 0 && taken >= least)
            Acknowledge(last);
        connection.Send(frames);
    }

    void Acknowledge(long number)
    {
        frames.Acknowledge(number);
        unanswered.Enqueue(taken);
        taken = 0;
    }
}
