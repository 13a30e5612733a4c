using System.Text;

namespace Parley.Bench.Systems.Parley;

/// <summary>
/// Sends message frames, pipelined: Parley answers them in the order sent. What is sent while answers are being handed out leaves in one write afterwards.
/// </summary>
sealed class FrameSender(FrameConnection connection, string to)
{
    readonly Lock gate = new();
    readonly Queue<TaskCompletionSource> unanswered = new();
    readonly FrameWriter frames = new();
    readonly byte[] before = Encoding.ASCII.GetBytes($$"""{"type":"chat","to":"{{to}}","content":" """.TrimEnd());
    bool gathering;

    public Task SendAsync(ReadOnlyMemory<byte> payload)
    {
        var answer = new TaskCompletionSource();
        lock (gate)
        {
            frames.Text(before, payload.Span, "\"}"u8);
            unanswered.Enqueue(answer);
            if (!gathering)
                connection.Send(frames);
        }

        return answer.Task;
    }

    public async Task ReadAnswersAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await connection.ReadMoreAsync(cancellation);
            Gather(true);
            TakeAnswers();
            Gather(false);
        }
    }

    void TakeAnswers()
    {
        while (connection.TryTake(out var frame))
        {
            FrameReading.ThrowIfError(frame);
            Next().SetResult();
        }
    }

    TaskCompletionSource Next()
    {
        lock (gate)
            return unanswered.Dequeue();
    }

    void Gather(bool on)
    {
        lock (gate)
        {
            gathering = on;
            if (!on)
                connection.Send(frames);
        }
    }
}
