namespace Parley.Tests.Support;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan s_limit = Waiting.Patience;
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Time_stands_still_until_it_is_advanced()
    {
        var (now, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());

        _time.GetUtcNow().ShouldBe(now);
        _time.Advance(TimeSpan.FromSeconds(3));

        _time.GetUtcNow().ShouldBe(now.AddSeconds(3));
        _time.GetElapsedTime(stamp).ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_each_sees_its_own_time()
    {
        var start = _time.GetUtcNow();
        var fired = new List<(string Name, double At)>();
        ITimer Timer(string name, int due) => _time.CreateTimer(_ => fired.Add((name, (_time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(due), Timeout.InfiniteTimeSpan);
        using var late = Timer("late", 5);
        using var early = Timer("early", 1);
        using var sameTime = Timer("same time, set later", 5);
        using var never = Timer("never", 11);

        _time.Advance(TimeSpan.FromSeconds(10));

        fired.ShouldBe([("early", 1), ("late", 5), ("same time, set later", 5)]);
        _time.PendingTimers.ShouldBe(1);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_until_it_is_disposed()
    {
        var fired = 0;
        var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(6));
        fired.ShouldBe(3);
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));

        fired.ShouldBe(3);
        timer.Change(TimeSpan.Zero, TimeSpan.Zero).ShouldBeFalse();
    }

    [Fact]
    public void A_timer_that_is_set_again_by_its_own_callback_fires_again_within_the_same_advance()
    {
        var fired = 0;
        ITimer timer = null!;
        timer = _time.CreateTimer(_ => { fired++; timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan); }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(4));

        fired.ShouldBe(4);
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), _time, TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        delay.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        await delay.Within(s_limit);
    }

    [Fact]
    public void The_time_out_of_a_cancellation_source_cancels_on_time()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(30), _time);

        _time.Advance(TimeSpan.FromSeconds(29));
        source.IsCancellationRequested.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        source.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task The_ticks_of_a_periodic_timer_arrive_one_by_one()
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);

        for (var i = 0; i < 3; i++)
        {
            var tick = ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            tick.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
            (await tick.Within(s_limit)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_test_can_wait_until_a_loop_has_gone_to_sleep()
    {
        var asleep = _time.PendingTimersReach(1);
        asleep.IsCompleted.ShouldBeFalse();
        var loop = Task.Run(async () => await Task.Delay(TimeSpan.FromHours(1), _time, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        await asleep.Within(s_limit);
        _time.Advance(TimeSpan.FromHours(1));

        await loop.Within(s_limit);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_fires_no_timer_and_leaves_timestamps_alone()
    {
        var (now, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(30), _time);

        _time.ShiftWallClock(TimeSpan.FromDays(-1));

        _time.GetUtcNow().ShouldBe(now.AddDays(-1));
        _time.GetTimestamp().ShouldBe(stamp);
        source.IsCancellationRequested.ShouldBeFalse();
    }
}
