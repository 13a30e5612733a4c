namespace Parley.Client;

/// <summary>How long to wait before the next attempt: doubling from 50 ms to 5 s with a random part, until the time allowed is over.</summary>
internal sealed class Backoff(TimeProvider time, TimeSpan allowed)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private long start = time.GetTimestamp();
    private TimeSpan next = First;

    /// <summary>False when the time allowed would be exceeded; otherwise how long to wait, at least as long as the server asked for.</summary>
    public bool TryNext(TimeSpan? asked, out TimeSpan wait)
    {
        wait = next * (0.5 + (Random.Shared.NextDouble() / 2));
        wait = asked > wait ? asked.Value : wait;
        next = next * 2 < Longest ? next * 2 : Longest;
        return allowed == Timeout.InfiniteTimeSpan || time.GetElapsedTime(start) + wait <= allowed;
    }

    /// <summary>Begins anew after a success.</summary>
    public void Reset() => (start, next) = (time.GetTimestamp(), First);
}
