using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Changes a schedule; its history and its name stay. Who made it, or an admin.</summary>
public sealed class EditSchedule(IDatabase database, FiringWrites writes, TimeProvider time)
{
    /// <summary>Returns the schedule. A new timing counts from now on; a pause stays. Throws <c>not_found</c>, <c>forbidden</c>, <c>invalid_request</c>, <c>conflict</c>.</summary>
    public Task<Schedule> RunAsync(Caller caller, string nameOrId, ScheduleInput input, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "schedule.edit", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var before = await ScheduleLookup.ManagedAsync(unit, caller, nameOrId);
            var agent = input.Agent is null ? null : await ScheduleLookup.WorkerAsync(unit, caller.OrganizationId, input.Agent);
            var after = ScheduleChecks.Fill(before with { AgentId = agent?.Id ?? before.AgentId, AgentName = agent?.Name ?? before.AgentName }, input, now);
            await writes.CheckAsync(unit, after);
            unit.Schedules.Update(after);
            return after;
        },
        cancellationToken);
}
