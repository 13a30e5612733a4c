using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Starts the work of a schedule and writes what became of it, in one transaction with the schedule locked.</summary>
public sealed class FiringWrites(IEnumerable<IScheduledWork> works)
{
    private readonly IReadOnlyList<IScheduledWork> works = [.. works];

    /// <summary>Throws a refusal where the schedule as it is could not start anything now.</summary>
    internal ValueTask CheckAsync(IUnitOfWork unit, Schedule schedule) => WorkOf(schedule).CheckAsync(unit, schedule);

    /// <summary>Starts the work for a due time. Throws the refusal of who cannot do it.</summary>
    internal async ValueTask<StartedWork> StartAsync(IUnitOfWork unit, Schedule schedule, DateTimeOffset due)
    {
        var person = await unit.Organizations.FindUserAsync(schedule.OrganizationId, schedule.CreatedById) ?? throw ParleyError.NotFound("person who made the schedule");
        if (await unit.Agents.FindAsync(schedule.OrganizationId, schedule.AgentId) is not { RemovedAt: null } agent)
        {
            throw new ParleyError(ErrorCode.NotFound, $"The agent '{schedule.AgentName}' was removed.", $"Name another: parley schedule edit {schedule.Name} --agent NAME");
        }

        await ScheduleLookup.CheckHostedAsync(unit, agent);
        var caller = new Caller(CallerKind.User, schedule.OrganizationId, person.Id, person.Name, person.Role, Scopes.All, Guid.Empty);
        return await WorkOf(schedule).StartAsync(unit, caller, schedule, due, ScheduleRules.KeyOf(schedule.Id, due));
    }

    /// <summary>Adds an entry to the history and writes the schedule as it is after it.</summary>
    internal static Firing Write(IUnitOfWork unit, Schedule schedule, Firing firing)
    {
        var numbered = firing with { Number = schedule.Firings + 1 };
        unit.Schedules.Update(schedule with { Firings = numbered.Number });
        unit.Schedules.AddFiring(numbered, ScheduleRules.HistoryKept);
        return numbered;
    }

    /// <summary>Tells a person.</summary>
    internal static void Tell(IUnitOfWork unit, Schedule schedule, string kind, string text, DateTimeOffset now) =>
        unit.Obligations.Raise(new Attention(Guid.CreateVersion7(now), schedule.OrganizationId, kind, text, MessageId: null, now, ResolvedAt: null));

    private IScheduledWork WorkOf(Schedule schedule) => works.First(work => work.Session == schedule.Session);
}
