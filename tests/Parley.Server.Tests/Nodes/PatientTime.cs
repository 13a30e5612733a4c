namespace Parley.Server.Tests.Nodes;

/// <summary>The real clock, by which nothing that waits half a second or longer ever comes: whoever looks now and then does not look again.</summary>
internal sealed class PatientTime : TimeProvider
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.5);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < Long ? dueTime : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
