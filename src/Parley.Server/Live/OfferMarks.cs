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
    public async Task FinishAsync(InboxFeed feed)
    {
        feeds.TryRemove(feed, out _);
        await NoteAsync(feed, CancellationToken.None);
    }

    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Rest, time, cancellationToken);
        var began = time.GetTimestamp();
        var notes = new List<Task>();
        foreach (var feed in feeds.Keys.Take(AtOnce))
        {
            feeds.TryRemove(feed, out _);
            notes.Add(NoteAsync(feed, cancellationToken));
        }

        await Task.WhenAll(notes);
        await Task.Delay(time.GetElapsedTime(began) * 9, time, cancellationToken);
        return !feeds.IsEmpty;
    }

    private Task NoteAsync(InboxFeed feed, CancellationToken cancellationToken) => feed.TakeUnmarked() is { } range
        ? offers.RunAsync(feed.Caller.Id, range.Above, range.UpTo, cancellationToken)
        : Task.CompletedTask;
}
