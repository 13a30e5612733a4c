using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Links;

namespace Parley.Tests.Links;

public sealed class QuotaTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One step in the life of a bucket: minutes that the clock moves (back, too), and what is done then.</summary>
    private sealed record Step(int Minutes, Act Act, int Quota, int Hours);

    private enum Act
    {
        Send,
        Release,
        Resize,
    }

    private static Gen<LinkSettings> Settings =>
        from quota in Gen.Choose(1, 12)
        from hours in Gen.Choose(1, 6)
        select new LinkSettings(quota, hours);

    private static Arbitrary<(LinkSettings Settings, Step[] Steps)> Life(int leastMinutes, params Act[] acts) =>
        (from settings in Settings
         from steps in (from minutes in Gen.Frequency((6, Gen.Choose(0, 30)), (2, Gen.Choose(leastMinutes, 600)))
                        from act in Gen.Frequency([.. acts.Select(act => (act == Act.Send ? 8 : 2, Gen.Constant(act)))])
                        from quota in Gen.Choose(1, 12)
                        from hours in Gen.Choose(1, 6)
                        select new Step(minutes, act, quota, hours)).ArrayOf(80)
         select (settings, steps)).ToArbitrary();

    [Fact]
    public void Credits_are_never_negative_and_never_more_than_the_quota() => Prop.ForAll(Life(-600, Act.Send, Act.Release, Act.Resize), life =>
    {
        var (settings, now) = (life.Settings, Start);
        var state = Quota.Open(Guid.NewGuid(), settings, now);
        foreach (var step in life.Steps)
        {
            now = now.AddMinutes(step.Minutes);
            (state, settings) = Apply(state, settings, step, now);
            state.CreditsRemaining.ShouldBeInRange(0, settings.MessagesPerWindow);
            state.Waiting.ShouldBeInRange(0, Limits.DeferredPerLink);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_clock_that_is_behind_the_reset_grants_nothing() => Prop.ForAll(Life(-600, Act.Send, Act.Release), life =>
    {
        var now = Start;
        var state = Quota.Open(Guid.NewGuid(), life.Settings, now);
        foreach (var step in life.Steps)
        {
            now = now.AddMinutes(step.Minutes);
            var before = state;
            (state, _) = Apply(state, life.Settings, step, now);
            if (now < before.WindowResetAt)
            {
                state.CreditsRemaining.ShouldBeLessThanOrEqualTo(before.CreditsRemaining);
                state.WindowResetAt.ShouldBe(before.WindowResetAt);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_window_lets_more_go_than_the_quota() => Prop.ForAll(Life(0, Act.Send, Act.Release), life =>
    {
        var now = Start;
        var state = Quota.Open(Guid.NewGuid(), life.Settings, now);
        var gone = new Dictionary<DateTimeOffset, int>();
        foreach (var step in life.Steps)
        {
            now = now.AddMinutes(step.Minutes);
            var went = 0;
            if (step.Act == Act.Send)
            {
                (state, var draw) = Quota.Draw(state, life.Settings, now);
                went = draw.Verdict == QuotaVerdict.Go ? 1 : 0;
            }
            else
            {
                (state, went) = Quota.Release(state, life.Settings, now);
            }

            gone[state.WindowResetAt] = gone.GetValueOrDefault(state.WindowResetAt) + went;
        }

        gone.Values.ShouldAllBe(count => count <= life.Settings.MessagesPerWindow);
        // Two windows never run at once, so the bound holds for each stretch of time as long as a window that begins with one.
        gone.Keys.Order().Zip(gone.Keys.Order().Skip(1)).ShouldAllBe(pair => pair.Second - pair.First >= TimeSpan.FromHours(life.Settings.WindowHours));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_waits_is_released_once_in_order_and_nothing_overtakes_it() => Prop.ForAll(Life(0, Act.Send, Act.Release), life =>
    {
        var now = Start;
        var state = Quota.Open(Guid.NewGuid(), life.Settings, now);
        var queue = new Queue<long>();
        var lastTurn = 0L;
        foreach (var step in life.Steps)
        {
            now = now.AddMinutes(step.Minutes);
            if (step.Act == Act.Release)
            {
                (state, var released) = Quota.Release(state, life.Settings, now);
                released.ShouldBeInRange(0, queue.Count);
                for (var i = 0; i < released; i++)
                {
                    var turn = queue.Dequeue();
                    turn.ShouldBe(lastTurn + 1);
                    lastTurn = turn;
                }
            }
            else
            {
                (state, var draw) = Quota.Draw(state, life.Settings, now);
                (draw.Verdict == QuotaVerdict.Go && queue.Count > 0).ShouldBeFalse();
                if (draw.Verdict == QuotaVerdict.Wait)
                {
                    draw.Until.ShouldBeGreaterThanOrEqualTo(now);
                    queue.Enqueue(draw.Turn);
                }
            }

            state.Waiting.ShouldBe(queue.Count);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_waiting_message_goes_when_it_was_promised() => Prop.ForAll(
        (from settings in Settings from sends in Gen.Choose(1, 110) select (settings, sends)).ToArbitrary(),
        life =>
        {
            var (settings, sends) = life;
            var state = Quota.Open(Guid.NewGuid(), settings, Start);
            var promises = new Queue<DateTimeOffset>();
            for (var i = 0; i < sends; i++)
            {
                (state, var draw) = Quota.Draw(state, settings, Start);
                if (draw.Verdict == QuotaVerdict.Wait)
                {
                    promises.Enqueue(draw.Until);
                }
            }

            while (promises.Count > 0)
            {
                var now = state.WindowResetAt;
                (state, var released) = Quota.Release(state, settings, now);
                released.ShouldBeGreaterThan(0);
                for (var i = 0; i < released; i++)
                {
                    promises.Dequeue().ShouldBe(now);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_hundred_and_first_waiting_message_is_refused_until_one_was_released()
    {
        var settings = new LinkSettings(MessagesPerWindow: 1);
        var state = Quota.Open(Guid.NewGuid(), settings, Start);
        var verdicts = Enumerable.Range(0, 102).Select(_ =>
        {
            (state, var draw) = Quota.Draw(state, settings, Start);
            return draw.Verdict;
        }).ToList();

        verdicts[0].ShouldBe(QuotaVerdict.Go);
        verdicts[1..101].ShouldAllBe(verdict => verdict == QuotaVerdict.Wait);
        verdicts[101].ShouldBe(QuotaVerdict.Full);
        (state, var released) = Quota.Release(state, settings, state.WindowResetAt);
        released.ShouldBe(1);
        Quota.Draw(state, settings, Start).Draw.Verdict.ShouldBe(QuotaVerdict.Wait);
    }

    [Fact]
    public void A_clock_far_ahead_fills_the_bucket_once() => Prop.ForAll(Settings.ToArbitrary(), settings =>
    {
        var state = Quota.Open(Guid.NewGuid(), settings, Start) with { CreditsRemaining = 0, Waiting = 100 };
        Quota.Release(state, settings, Start.AddYears(5)).Released.ShouldBe(settings.MessagesPerWindow);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_change_of_the_quota_keeps_what_was_used() => Prop.ForAll(
        (from before in Settings from after in Settings from used in Gen.Choose(0, 12) select (before, after, used)).ToArbitrary(),
        change =>
        {
            var (before, after, used) = change;
            used = Math.Min(used, before.MessagesPerWindow);
            var state = Quota.Open(Guid.NewGuid(), before, Start) with { CreditsRemaining = before.MessagesPerWindow - used };
            var resized = Quota.Resize(state, before, after, Start);
            resized.CreditsRemaining.ShouldBe(Math.Max(0, after.MessagesPerWindow - used));
            resized.WindowResetAt.ShouldBe(Start.AddHours(after.WindowHours));
        }).QuickCheckThrowOnFailure();

    private static (LinkState State, LinkSettings Settings) Apply(LinkState state, LinkSettings settings, Step step, DateTimeOffset now)
    {
        var resized = new LinkSettings(step.Quota, step.Hours);
        return step.Act switch
        {
            Act.Send => (Quota.Draw(state, settings, now).State, settings),
            Act.Release => (Quota.Release(state, settings, now).State, settings),
            _ => (Quota.Resize(state, settings, resized, now), resized),
        };
    }
}
