namespace Parley.Core.Schedules;

/// <summary>How the work of a firing is started; one implementation for each <see cref="ScheduleSession"/>.</summary>
public interface IScheduledWork
{
    /// <summary>Whose firings it starts.</summary>
    ScheduleSession Session { get; }

    /// <summary>Throws a refusal where a schedule as it is could not start anything now.</summary>
    ValueTask CheckAsync(IUnitOfWork unit, Schedule schedule);

    /// <summary>
    /// Starts the work inside the transaction of the firing, in the name of the person, as the root of a chain of its own. Called again with the same key it
    /// starts nothing. Throws <see cref="ParleyError"/> for a refusal, with which the transaction has to end.
    /// </summary>
    ValueTask<StartedWork> StartAsync(IUnitOfWork unit, Caller person, Schedule schedule, DateTimeOffset due, string key);
}

/// <summary>What a firing has started.</summary>
/// <param name="MessageId">The message that it posted, or null.</param>
/// <param name="SessionKey">The key of the session that works on it.</param>
/// <param name="Committed">Wakes whom it concerns; called after the commit.</param>
public sealed record StartedWork(Guid? MessageId, string SessionKey, Action Committed);
