using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Removes a schedule with its history. What it started goes on. Who made it, or an admin.</summary>
public sealed class RemoveSchedule(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the schedule as it was. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<Schedule> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "schedule.remove", nameOrId, Role.Member,
        async (unit, _) =>
        {
            var schedule = await ScheduleLookup.ManagedAsync(unit, caller, nameOrId);
            unit.Schedules.Remove(schedule.Id);
            return schedule;
        },
        cancellationToken);
}
