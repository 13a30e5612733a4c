namespace Parley.Core.Links;

/// <summary>
/// The arithmetic of a link's credits. Pure: the caller locks the state, hands in one fixed time, and stores what comes back.
/// </summary>
public static class Quota
{
    /// <summary>A full bucket whose window begins now.</summary>
    public static LinkState Open(Guid linkId, LinkSettings settings, DateTimeOffset now) =>
        new(linkId, LinkState.Direct, settings.MessagesPerWindow, now + Window(settings), LastMessageAt: null, Waiting: 0, Turn: 0);

    /// <summary>
    /// Fills the bucket when its window has ended. A clock that jumps back fills nothing, because the reset lies ahead of it;
    /// one that jumps far forward fills it once, however many windows it passed.
    /// </summary>
    public static LinkState Roll(LinkState state, LinkSettings settings, DateTimeOffset now) =>
        now < state.WindowResetAt
            ? state
            : state with { CreditsRemaining = settings.MessagesPerWindow, WindowResetAt = now + Window(settings) };

    /// <summary>Uses one credit if there is one and nothing waits before it; otherwise takes a place in the queue.</summary>
    public static (LinkState State, QuotaDraw Draw) Draw(LinkState state, LinkSettings settings, DateTimeOffset now)
    {
        state = Roll(state, settings, now) with { LastMessageAt = now };
        if (state is { CreditsRemaining: > 0, Waiting: 0 })
        {
            return (state with { CreditsRemaining = state.CreditsRemaining - 1 }, QuotaDraw.Now);
        }

        if (state.Waiting >= Limits.DeferredPerLink)
        {
            return (state, new QuotaDraw(QuotaVerdict.Full, state.WindowResetAt, 0));
        }

        var until = ReleaseTime(state, settings, state.Waiting, now);
        return (state with { Waiting = state.Waiting + 1, Turn = state.Turn + 1 }, new QuotaDraw(QuotaVerdict.Wait, until, state.Turn + 1));
    }

    /// <summary>How many of the waiting messages may go now; the state afterwards has their credits drawn.</summary>
    public static (LinkState State, int Released) Release(LinkState state, LinkSettings settings, DateTimeOffset now)
    {
        state = Roll(state, settings, now);
        var released = Math.Min(state.CreditsRemaining, state.Waiting);
        return (state with { CreditsRemaining = state.CreditsRemaining - released, Waiting = state.Waiting - released }, released);
    }

    /// <summary>What changes in the bucket when a person edits the quota: the difference is granted or taken at once.</summary>
    public static LinkState Resize(LinkState state, LinkSettings before, LinkSettings after, DateTimeOffset now)
    {
        state = Roll(state, before, now);
        var opened = state.WindowResetAt - Window(before);
        return state with
        {
            CreditsRemaining = Math.Clamp(state.CreditsRemaining + after.MessagesPerWindow - before.MessagesPerWindow, 0, after.MessagesPerWindow),
            WindowResetAt = opened + Window(after),
        };
    }

    /// <summary>When the message with that many before it in the queue will go, if nobody changes the quota.</summary>
    private static DateTimeOffset ReleaseTime(LinkState state, LinkSettings settings, int ahead, DateTimeOffset now) =>
        ahead < state.CreditsRemaining
            ? now
            : state.WindowResetAt + ((ahead - state.CreditsRemaining) / settings.MessagesPerWindow * Window(settings));

    private static TimeSpan Window(LinkSettings settings) => TimeSpan.FromHours(settings.WindowHours);
}

/// <summary>What a send may do with its quota.</summary>
/// <param name="Verdict">Go, wait, or be refused.</param>
/// <param name="Until">When a waiting message goes; when a refused one may be tried again.</param>
/// <param name="Turn">The place in the queue of the link; 0 where it does not wait.</param>
public readonly record struct QuotaDraw(QuotaVerdict Verdict, DateTimeOffset Until, long Turn)
{
    /// <summary>A credit was drawn.</summary>
    public static readonly QuotaDraw Now = new(QuotaVerdict.Go, default, 0);
}

/// <summary>The three ends of a draw.</summary>
public enum QuotaVerdict
{
    /// <summary>A credit was drawn.</summary>
    Go,

    /// <summary>The message waits for its credit.</summary>
    Wait,

    /// <summary>Too many wait already.</summary>
    Full,
}
