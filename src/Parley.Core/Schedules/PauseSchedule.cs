using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Pauses a schedule: nothing fires until it is resumed, and what would have fired meanwhile is skipped. Who made it, or an admin.</summary>
public sealed class PauseSchedule(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the schedule; one that is paused stays as it is. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<Schedule> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "schedule.pause", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var schedule = await ScheduleLookup.ManagedAsync(unit, caller, nameOrId);
            var paused = schedule.Paused ? schedule : schedule with { PausedAt = now, PausedReason = null };
            unit.Schedules.Update(paused);
            return paused;
        },
        cancellationToken);
}
