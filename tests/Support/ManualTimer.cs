namespace Parley.Tests.Support;

/// <summary>A timer of <see cref="ManualTimeProvider"/>. Like the system's own, it runs its callback in the context it was created in.</summary>
internal sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private volatile bool _disposed;

    public TimeSpan Due { get; set; }

    public TimeSpan Period { get; private set; }

    /// <summary>Breaks the tie between timers that are due at the same moment: first set, first fired.</summary>
    public long Order { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfOutOfRange(dueTime, nameof(dueTime));
        ThrowIfOutOfRange(period, nameof(period));
        if (_disposed)
        {
            return false;
        }

        Period = period;
        time.Schedule(this, dueTime);
        return true;
    }

    public void Fire()
    {
        if (_disposed)
        {
            return;
        }

        if (_context is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_context, _ => callback(state), null);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        time.Schedule(this, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void ThrowIfOutOfRange(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, s_longest, name);
        }
    }
}
