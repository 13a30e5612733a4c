using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>A send whose answer has not come; it is repeated with its key after a reconnect.</summary>
internal sealed class PendingSend(SendRequest message) : TaskCompletionSource<SendResponse>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public SendRequest Message { get; } = message;
}

/// <summary>An acknowledgement whose answer has not come.</summary>
internal sealed class PendingAck(string cursor) : TaskCompletionSource<AckResponse>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Cursor { get; } = cursor;
}

/// <summary>Everything that still waits for an answer, in the order in which it was sent.</summary>
internal sealed class PendingAnswers
{
    private readonly Lock guard = new();
    private readonly Dictionary<long, PendingSend> sends = [];
    private readonly Queue<PendingAck> acks = [];
    private long last;
    private Exception? ended;

    public long Add(PendingSend send)
    {
        lock (guard)
        {
            ThrowIfEnded();
            sends.Add(++last, send);
            return last;
        }
    }

    public void Add(PendingAck ack)
    {
        lock (guard)
        {
            ThrowIfEnded();
            acks.Enqueue(ack);
        }
    }

    public PendingSend? TakeSend(long? reference)
    {
        lock (guard)
        {
            return reference is { } number && sends.Remove(number, out var send) ? send : null;
        }
    }

    /// <summary>Acknowledgements are answered in the order sent.</summary>
    public PendingAck? TakeAck()
    {
        lock (guard)
        {
            return acks.TryDequeue(out var ack) ? ack : null;
        }
    }

    public (List<(long Ref, PendingSend Send)> Sends, List<PendingAck> Acks) Unanswered()
    {
        lock (guard)
        {
            return ([.. sends.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value))], [.. acks]);
        }
    }

    /// <summary>Fails what waits and whatever comes later.</summary>
    public void End(Exception error)
    {
        lock (guard)
        {
            ended ??= error;
            foreach (var send in sends.Values)
            {
                send.TrySetException(error);
            }

            foreach (var ack in acks)
            {
                ack.TrySetException(error);
            }

            sends.Clear();
            acks.Clear();
        }
    }

    private void ThrowIfEnded()
    {
        if (ended is { } error)
        {
            throw error;
        }
    }
}
