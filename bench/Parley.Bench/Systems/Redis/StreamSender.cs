namespace Parley.Bench.Systems.Redis;

/// <summary>
/// Appends to a stream with XADD, pipelined: what is sent while replies are being handed out leaves in one write afterwards.
/// </summary>
sealed class StreamSender(RespConnection connection, byte[] stream)
{
    readonly Lock gate = new();
    readonly Queue<TaskCompletionSource> unanswered = new();
    readonly RespWriter commands = new();
    bool gathering;

    public Task SendAsync(ReadOnlyMemory<byte> payload)
    {
        var answer = new TaskCompletionSource();
        lock (gate)
        {
            commands.Array(5).Bulk("XADD"u8).Bulk(stream).Bulk("*"u8).Bulk("m"u8).Bulk(payload.Span);
            unanswered.Enqueue(answer);
            if (!gathering)
                connection.Send(commands);
        }

        return answer.Task;
    }

    public async Task ReadAnswersAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = await connection.WaitForReplyAsync(cancellation);
            Gather(true);
            for (; length > 0; length = connection.ReplyLength())
            {
                connection.Consume(length);
                Next().SetResult();
            }

            Gather(false);
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
                connection.Send(commands);
        }
    }
}
