using Parley.Core.Schedules;

namespace Parley.Server.Loops;

/// <summary>The loop that fires schedules, and what wakes it after one was changed on this node.</summary>
internal sealed class ScheduleLoop(FireSchedules fire)
{
    public LoopSignal Signal { get; } = new();

    public Task<bool> RunOnceAsync(CancellationToken cancellationToken) => fire.RunOnceAsync(cancellationToken);
}
