namespace Parley.Tests.Support;

/// <summary>
/// A clock that stands still until a test moves it. Timers, <c>Task.Delay</c>, periodic timers and time-outs of
/// cancellation sources made from it fire inside <see cref="Advance"/>, in the order of their due times, each at its own time.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private TimeSpan _elapsed;
    private TimeSpan _wallShift;
    private long _nextOrder;

    public ManualTimeProvider() : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait to fire.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    internal TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return (start + _elapsed + _wallShift).ToUniversalTime();
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    /// <summary>Lets time pass. Whatever falls due on the way runs on this thread before the call returns.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var end = Elapsed + time;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Sets the wall clock forward or back, as an administrator or NTP does: no timer fires, timestamps go on as before.</summary>
    public void ShiftWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _wallShift += by;
        }
    }

    /// <summary>Ends when at least that many timers wait: the loop under test has gone to sleep and time may be advanced.</summary>
    public Task PendingTimersReach(int count)
    {
        lock (_gate)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Puts a timer in line, or takes it out where <paramref name="dueIn"/> is infinite.</summary>
    internal void Schedule(ManualTimer timer, TimeSpan dueIn)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueIn == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = _elapsed + dueIn;
            timer.Order = _nextOrder++;
            _timers.Add(timer);
            _waiters.RemoveAll(waiter => waiter.Count <= _timers.Count && waiter.Reached.TrySetResult());
        }
    }

    private ManualTimer? TakeDue(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.MinBy(timer => (timer.Due, timer.Order));
            if (next is null || next.Due > end)
            {
                _elapsed = end > _elapsed ? end : _elapsed;
                return null;
            }

            _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
            _timers.Remove(next);
            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
                next.Order = _nextOrder++;
                _timers.Add(next);
            }

            return next;
        }
    }
}
