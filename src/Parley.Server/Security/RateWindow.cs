using System.Collections.Concurrent;
using Parley.Core;

namespace Parley.Server.Security;

/// <summary>Counts calls per second and key, and refuses those over the limit.</summary>
internal sealed class RateWindow<TKey>(int perSecond, TimeProvider time)
    where TKey : notnull
{
    private const int Tracked = 10_000;
    private readonly ConcurrentDictionary<TKey, Window> windows = new();

    /// <summary>Counts a call; throws <c>rate_limited</c> when it is one too many.</summary>
    public void Count(TKey key, string what)
    {
        if (!TryCount(key))
        {
            throw new ParleyError(ErrorCode.RateLimited, $"{what} makes more than {perSecond} calls a second.", "Wait as long as retry_after says.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
    }

    /// <summary>Whether another call would be one too many.</summary>
    public bool IsOver(TKey key) =>
        windows.TryGetValue(key, out var window) && time.GetElapsedTime(window.Began) < TimeSpan.FromSeconds(1) && Volatile.Read(ref window.Calls) >= perSecond;

    private bool TryCount(TKey key)
    {
        var now = time.GetTimestamp();
        if (!windows.TryGetValue(key, out var window) || time.GetElapsedTime(window.Began, now) >= TimeSpan.FromSeconds(1))
        {
            Forget(now);
            window = windows[key] = new Window { Began = now };
        }

        return Interlocked.Increment(ref window.Calls) <= perSecond;
    }

    private void Forget(long now)
    {
        if (windows.Count < Tracked)
        {
            return;
        }

        foreach (var (key, window) in windows)
        {
            if (time.GetElapsedTime(window.Began, now) >= TimeSpan.FromSeconds(1))
            {
                windows.TryRemove(key, out _);
            }
        }
    }

    private sealed class Window
    {
        public required long Began { get; init; }

        public int Calls;
    }
}
