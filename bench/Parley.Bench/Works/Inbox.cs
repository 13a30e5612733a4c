using Parley.Bench.Report;

namespace Parley.Bench.Works;

/// <summary>What one receiver saw while recording. A driver calls it from one place at a time.</summary>
sealed class Inbox(Phase phase, Action? onReceived = null, Action<int>? onAcknowledged = null)
{
    public Histogram Latencies { get; } = new();
    public long ReceivedCount { get; private set; }
    public long AcknowledgedCount { get; private set; }

    public void Received(ReadOnlySpan<byte> payload)
    {
        var age = Payload.Age(payload);
        if (phase.Recording)
        {
            Latencies.Add(age);
            ReceivedCount++;
        }

        onReceived?.Invoke();
    }

    /// <summary>The server has answered that the acknowledgement of <paramref name="count"/> messages is flushed, or, where it never answers, it was sent.</summary>
    public void Acknowledged(int count)
    {
        if (phase.Recording)
            AcknowledgedCount += count;
        onAcknowledged?.Invoke(count);
    }
}
