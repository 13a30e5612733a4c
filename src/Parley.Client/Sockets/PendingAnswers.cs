using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>A send whose answer has not come; it is repeated with its key after a reconnect.</summary>
internal sealed class PendingSend(SendRequest message) : TaskCompletionSource<SendResponse>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private int written;

    public SendRequest Message { get; } = message;

    /// <summary>It is about to be handed to a connection, from which on its outcome is unknown until that connection answers.</summary>
    public void Written() => Interlocked.Increment(ref written);

    /// <summary>Fails it with a connection's answer, which tells nothing of what an earlier connection may have done.</summary>
    public void Refuse(ParleyException error) => TrySetException(Volatile.Read(ref written) > 1 ? ParleyException.UnknownSend(Message.Key, error) : error);

    /// <summary>Fails it because there is no connection any more.</summary>
    public void GiveUp(Exception error) =>
        TrySetException(Volatile.Read(ref written) > 0 && error is ParleyException refusal ? ParleyException.UnknownSend(Message.Key, refusal) : error);
}

/// <summary>An acknowledgement whose answer has not come.</summary>
internal sealed class PendingAck(string cursor) : TaskCompletionSource<AckResponse>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Cursor { get; } = cursor;
}

/// <summary>Everything that still waits for an answer, by the number that the server repeats in it.</summary>
internal sealed class PendingAnswers
{
    private readonly Lock guard = new();
    private readonly Dictionary<long, PendingSend> sends = [];
    private readonly Dictionary<long, PendingAck> acks = [];
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

    public long Add(PendingAck ack)
    {
        lock (guard)
        {
            ThrowIfEnded();
            acks.Add(++last, ack);
            return last;
        }
    }

    public PendingSend? TakeSend(long? reference)
    {
        lock (guard)
        {
            return sends.Remove(reference ?? 0, out var send) ? send : null;
        }
    }

    public PendingAck? TakeAck(long? reference)
    {
        lock (guard)
        {
            return acks.Remove(reference ?? 0, out var ack) ? ack : null;
        }
    }

    /// <summary>What has no answer, in the order of sending.</summary>
    public (List<KeyValuePair<long, PendingSend>> Sends, List<KeyValuePair<long, PendingAck>> Acks) Unanswered()
    {
        lock (guard)
        {
            return ([.. sends.OrderBy(entry => entry.Key)], [.. acks.OrderBy(entry => entry.Key)]);
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
                send.GiveUp(error);
            }

            foreach (var ack in acks.Values)
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
