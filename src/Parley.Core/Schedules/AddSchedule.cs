using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Makes a schedule, which fires in the name of the person from then on. Persons only.</summary>
public sealed class AddSchedule(IDatabase database, FiringWrites writes, TimeProvider time)
{
    /// <summary>The schedules that an organization may have.</summary>
    public const int Most = 500;

    /// <summary>
    /// Returns the schedule. Throws <c>invalid_request</c> naming the field, <c>not_found</c> for an unknown agent, <c>conflict</c> for a name in use, for an agent that
    /// Parley does not run, and where there are too many schedules.
    /// </summary>
    public Task<Schedule> RunAsync(Caller caller, ScheduleInput input, CancellationToken cancellationToken)
    {
        var name = input.Name is null ? null : Name.Check(input.Name, "name");
        return database.ChangeAsync(
            caller, time, "schedule.add", name ?? "(new)", Role.Member,
            async (unit, now) =>
            {
                var agent = await ScheduleLookup.WorkerAsync(unit, caller.OrganizationId, input.Agent);
                var schedule = ScheduleChecks.Fill(
                    new Schedule
                    {
                        Id = Guid.CreateVersion7(now), OrganizationId = caller.OrganizationId, Name = await NameAsync(unit, caller, name), Timing = new Timing(TimingKind.Cron, "", "UTC", now),
                        AgentId = agent.Id, AgentName = agent.Name, Task = "", CreatedById = caller.Id, CreatedBy = caller.Name, CreatedAt = now,
                    },
                    input with { Task = input.Task ?? "" }, now);
                await writes.CheckAsync(unit, schedule);
                unit.Schedules.Add(schedule);
                return schedule;
            },
            cancellationToken, schedule => schedule.Name);
    }

    private static async ValueTask<string> NameAsync(IUnitOfWork unit, Caller caller, string? name)
    {
        var count = await unit.Schedules.CountAsync(caller.OrganizationId);
        if (count >= Most)
        {
            throw new ParleyError(ErrorCode.Conflict, $"There are {Most} schedules already.", "Remove one that is not needed: parley schedule list");
        }

        if (name is not null)
        {
            return await unit.Schedules.FindAsync(caller.OrganizationId, name) is null
                ? name
                : throw new ParleyError(ErrorCode.Conflict, $"There is a schedule called '{name}' already.", $"Choose another name, or change it: parley schedule edit {name}");
        }

        var number = count + 1;
        while (await unit.Schedules.FindAsync(caller.OrganizationId, $"schedule-{number}") is not null)
        {
            number++;
        }

        return $"schedule-{number}";
    }
}
