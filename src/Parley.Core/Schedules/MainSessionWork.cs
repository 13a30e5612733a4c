using Parley.Core.Messages;

namespace Parley.Core.Schedules;

/// <summary>Posts the task as a message of the person to the agent, whose main session takes it up.</summary>
public sealed class MainSessionWork(SendMessage send) : IScheduledWork
{
    /// <inheritdoc/>
    public ScheduleSession Session => ScheduleSession.Main;

    /// <inheritdoc/>
    public ValueTask CheckAsync(IUnitOfWork unit, Schedule schedule) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<StartedWork> StartAsync(IUnitOfWork unit, Caller person, Schedule schedule, DateTimeOffset due, string key)
    {
        var sent = await send.WriteAsync(unit, person, new SendInput { To = schedule.AgentName, Content = schedule.Task, Mentions = [], Key = key }, ScheduleMark.Of(schedule, due));
        return new StartedWork(sent.Receipt.Message.Id, $"agent:{schedule.AgentName}:main", () => send.Committed(sent));
    }
}
