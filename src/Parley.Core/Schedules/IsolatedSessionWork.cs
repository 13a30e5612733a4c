using Parley.Core.Agents;
using Parley.Core.Sessions;

namespace Parley.Core.Schedules;

/// <summary>Spawns a session for the task in the name of the person.</summary>
public sealed class IsolatedSessionWork(SpawnSession spawn) : IScheduledWork
{
    /// <inheritdoc/>
    public ScheduleSession Session => ScheduleSession.Isolated;

    /// <inheritdoc/>
    public async ValueTask CheckAsync(IUnitOfWork unit, Schedule schedule)
    {
        await SessionLookup.CheckFeatureAsync(unit, schedule.OrganizationId);
        await Announcement.CheckedAsync(unit, await AgentRules.FoundAsync(unit, schedule.OrganizationId, schedule.AgentName), schedule.Announce);
    }

    /// <inheritdoc/>
    public async ValueTask<StartedWork> StartAsync(IUnitOfWork unit, Caller person, Schedule schedule, DateTimeOffset due, string key)
    {
        var input = new SpawnInput { Agent = schedule.AgentName, Task = schedule.Task, Model = schedule.Model, Timeout = schedule.Timeout, Announce = schedule.Announce, Key = key };
        var spawned = await spawn.WriteAsync(unit, person, input, new SpawnOrigin { Metadata = ScheduleMark.Of(schedule, due) });
        return new StartedWork(spawned.Task?.Receipt.Message.Id, spawned.Receipt.Session.Key, () => spawn.Committed(spawned));
    }
}
