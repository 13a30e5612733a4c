using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Ends a pause. What was due in it is skipped and noted as one entry of the history. Who made it, or an admin.</summary>
public sealed class ResumeSchedule(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the schedule; one that is not paused stays as it is. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<Schedule> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "schedule.resume", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var schedule = await ScheduleLookup.ManagedAsync(unit, caller, nameOrId);
            if (!schedule.Paused)
            {
                return schedule;
            }

            var resumed = schedule with { PausedAt = null, PausedReason = null, Failures = 0 };
            if (ScheduleRules.HeldUp(schedule, now) is not { } step)
            {
                unit.Schedules.Update(resumed);
                return resumed;
            }

            resumed = resumed with { NextAt = step.Next };
            if (await unit.Schedules.HasFiredAsync(schedule.Id, step.Due))
            {
                unit.Schedules.Update(resumed);
                return resumed;
            }

            var firing = FiringWrites.Write(unit, resumed, new Firing(schedule.Id, 0, step.Due, now, step.Outcome) { Missed = step.Missed, Reason = "It was paused." });
            return resumed with { Firings = firing.Number };
        },
        cancellationToken);
}
