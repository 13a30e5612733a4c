using System.Collections.Concurrent;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Loops;

namespace Parley.Server.Live;

/// <summary>
/// Notes in the background what was handed to connections. What is acknowledged meanwhile needs no note, and under load the notes rest long
/// enough to cost senders at most a tenth of the writer's time.
/// </summary>
internal sealed class OfferMarks(OfferDeliveries offers, TimeProvider time)
{
    private const int AtOnce = 256;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<InboxFeed, byte> feeds = new();

    public LoopSignal Signal { get; } = new();

    public void Add(InboxFeed feed)
    {
        if (feeds.TryAdd(feed, 0))
        {
            Signal.Set();
        }
    }

    /// <summary>Notes one feed now, because its connection ends.</summary>
    public Task FinishAsync(InboxFeed feed)
    {
        feeds.TryRemove(feed, out _);
        return feed.TakeUnmarked() is { } range ? offers.RunAsync([range], CancellationToken.None) : Task.CompletedTask;
    }

    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (feeds.IsEmpty)
        {
            return false;
        }

        await Task.Delay(Rest, time, cancellationToken);
        var began = time.GetTimestamp();
        var ranges = new List<OfferedRange>();
        foreach (var feed in feeds.Keys.Take(AtOnce))
        {
            feeds.TryRemove(feed, out _);
            if (feed.TakeUnmarked() is { } range)
            {
                ranges.Add(range);
            }
        }

        if (ranges.Count > 0)
        {
            await offers.RunAsync(ranges, cancellationToken);
            await Task.Delay(time.GetElapsedTime(began) * 9, time, cancellationToken);
        }

        return !feeds.IsEmpty;
    }
}
