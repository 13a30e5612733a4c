using System.Collections.Concurrent;
using Parley.Server.Loops;

namespace Parley.Server.Live;

/// <summary>
/// Feeds with a gap. Commits are announced by many threads at once, so a number often comes a moment before the one below it; only a gap that
/// stays is worth a read.
/// </summary>
internal sealed class Laggards(TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(5);
    private readonly ConcurrentDictionary<InboxFeed, byte> feeds = new();

    public LoopSignal Signal { get; } = new();

    public void Add(InboxFeed feed)
    {
        if (feeds.TryAdd(feed, 0))
        {
            Signal.Set();
        }
    }

    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (feeds.IsEmpty)
        {
            return false;
        }

        await Task.Delay(Grace, time, cancellationToken);
        foreach (var feed in feeds.Keys)
        {
            feeds.TryRemove(feed, out _);
            feed.CatchUp();
        }

        return false;
    }
}
