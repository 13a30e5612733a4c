using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Server.Live;

/// <summary>Where a feed writes to.</summary>
internal interface IInboxSink
{
    /// <summary>Appends a message; false where there is no room.</summary>
    bool TryAppend(SharedFrame frame, long number, DeliveryState state, int attempts);

    /// <summary>Hands over what was appended.</summary>
    void Flush();

    /// <summary>Completes when there is room.</summary>
    Task RoomAsync();

    /// <summary>The feed cannot go on from where it is.</summary>
    void Stop(ParleyError error);
}

/// <summary>
/// Brings one inbox to one connection, in order and without a gap. What comes live goes straight through when it is the next number; whatever was
/// missed, came too early for long, or found no room is read from the database until the connection has caught up.
/// </summary>
internal sealed partial class InboxFeed(Caller caller, FeedSources sources, IInboxSink sink, ILogger log) : IInboxListener
{
    private const int PageRows = 100;
    private const int MostEarly = 256;
    private readonly Lock gate = new();
    private readonly Dictionary<long, SharedFrame> early = [];
    private long next;
    private long seen;
    private long acknowledged;
    private long marked;
    private int round;
    private bool catching = true;
    private bool stopped;

    /// <inheritdoc/>
    public Caller Caller => caller;

    /// <summary>The last number that was handed over.</summary>
    public long Position => Volatile.Read(ref next) - 1;

    /// <summary>The last number that this connection's agent is known to have acknowledged.</summary>
    public long AcknowledgedUpTo => Volatile.Read(ref acknowledged);

    /// <summary>True while more waits than the connection takes.</summary>
    public bool IsBehind => Volatile.Read(ref seen) > Position;

    /// <summary>Begins, or begins again, after that number.</summary>
    public void Start(long after, long head)
    {
        int begun;
        lock (gate)
        {
            next = after + 1;
            seen = Math.Max(seen, head);
            marked = after;
            stopped = false;
            early.Clear();
            catching = true;
            begun = ++round;
        }

        _ = CatchUpAsync(begun);
    }

    /// <inheritdoc/>
    public bool Offer(long number, SharedFrame? frame)
    {
        bool appended = false, lost = false, gap = false;
        lock (gate)
        {
            seen = Math.Max(seen, number);
            if (stopped || number < next || sources.IsHalted(caller))
            {
                return false;
            }

            if (!catching && number == next && frame is not null)
            {
                appended = TryHand(frame, number, DeliveryState.Pending, 0);
                HandEarly();
                lost = !appended || (seen >= next && early.Count == 0);
            }
            else
            {
                // What was told without its message is read at once; of a gap the one before is usually on its way already: another thread has it.
                lost = !catching && number == next;
                gap = !catching && !lost;
                Keep(number, frame);
            }
        }

        if (lost)
        {
            CatchUp();
        }
        else if (gap)
        {
            sources.Laggards.Add(this);
        }

        return appended;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        sink.Flush();
        sources.Marks.Add(this);
    }

    /// <inheritdoc/>
    public void Check(long head)
    {
        lock (gate)
        {
            seen = Math.Max(seen, head);
        }

        if (IsBehind)
        {
            sources.Laggards.Add(this);
        }
    }

    /// <summary>Reads what is missing, unless nothing is or a reader is at it.</summary>
    public void CatchUp()
    {
        int begun;
        lock (gate)
        {
            if (catching || stopped || seen < next || sources.IsHalted(caller))
            {
                return;
            }

            catching = true;
            begun = ++round;
        }

        _ = CatchUpAsync(begun);
    }

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
            early.Clear();
        }
    }

    /// <summary>The agent acknowledged that far.</summary>
    public void Acknowledged(long upTo)
    {
        lock (gate)
        {
            acknowledged = Math.Max(acknowledged, upTo);
        }
    }

    /// <summary>What was handed over, is not acknowledged, and was not noted yet; null where there is nothing to note.</summary>
    public OfferedRange? TakeUnmarked()
    {
        lock (gate)
        {
            var above = Math.Max(marked, acknowledged);
            marked = Math.Max(marked, next - 1);
            return marked > above ? new OfferedRange(caller.Id, above, marked) : null;
        }
    }

    private async Task CatchUpAsync(int begun)
    {
        try
        {
            var more = true;
            while (more)
            {
                await sink.RoomAsync();
                more = !Volatile.Read(ref stopped) && !sources.IsHalted(caller) && Hand(await sources.ReadInbox.RunAsync(caller, Position, PageRows, sources.Stopping), begun);
                sink.Flush();
                sources.Marks.Add(this);
            }

            EndCatchUp(begun);
        }
        catch (OperationCanceledException)
        {
            Stop();
        }
        catch (ParleyError error) when (error.Code == ErrorCode.CursorTooOld || error.Code == ErrorCode.CursorAhead || error.Code == ErrorCode.Forbidden)
        {
            EndCatchUp(begun);
            Stop();
            sink.Stop(error);
        }
        catch (Exception fault)
        {
            // The rows are safe; the next look at the heads begins again.
            ReadFailed(log, fault, caller.Name);
            EndCatchUp(begun);
        }
    }

    /// <summary>Hands a page over; returns whether there is more to read.</summary>
    private bool Hand(InboxView view, int begun)
    {
        lock (gate)
        {
            if (stopped || begun != round)
            {
                return false;
            }

            foreach (var item in view.Items)
            {
                if (item.Number >= next && !TryHand(new SharedFrame(item.Message), item.Number, item.State, item.Attempts))
                {
                    return true;
                }
            }

            if (view.Items.Count >= PageRows)
            {
                return true;
            }

            next = Math.Max(next, view.State.Head + 1);
            HandEarly();
            if (seen < next || view.State.Head < seen)
            {
                // What was announced after this page was read is told again.
                catching = false;
                return false;
            }

            return true;
        }
    }

    private void EndCatchUp(int begun)
    {
        lock (gate)
        {
            catching &= begun != round;
        }
    }

    private bool TryHand(SharedFrame frame, long number, DeliveryState state, int attempts)
    {
        (state, attempts) = DeliveryRules.Handed(state, attempts);
        if (!sink.TryAppend(frame, number, state, attempts))
        {
            return false;
        }

        next = number + 1;
        return true;
    }

    private void HandEarly()
    {
        var going = true;
        while (going && early.Remove(next, out var frame))
        {
            going = TryHand(frame, next, DeliveryState.Pending, 0);
        }
    }

    private void Keep(long number, SharedFrame? frame)
    {
        if (frame is not null && early.Count < MostEarly)
        {
            early[number] = frame;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The inbox of {Agent} could not be read; it is tried again")]
    private static partial void ReadFailed(ILogger log, Exception fault, string agent);
}
