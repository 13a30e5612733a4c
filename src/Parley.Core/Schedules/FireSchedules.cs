using System.Runtime.ExceptionServices;

namespace Parley.Core.Schedules;

/// <summary>
/// Fires what is due. The schedule is locked while its firing is decided, and what it starts, its history and its next time are written together: on however many
/// nodes, and whenever one of them dies, a due time starts its work once.
/// </summary>
public sealed class FireSchedules(IDatabase database, FiringWrites writes, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>Does what is due; true where more is due at once. What goes wrong with one schedule does not keep the others back.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Schedules.DueAsync(time.GetUtcNow(), AtOnce), cancellationToken);
        var more = due.Count == AtOnce;
        ExceptionDispatchInfo? fault = null;
        foreach (var id in due)
        {
            try
            {
                var (started, again) = await FireAsync(id, cancellationToken);
                started?.Committed();
                more |= again;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                fault ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        fault?.Throw();
        return more;
    }

    private async Task<(StartedWork? Started, bool Again)> FireAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(unit => FireAsync(unit, id, refusal: null, time.GetUtcNow()), cancellationToken);
        }
        catch (ParleyError refusal) when (refusal.Code.HttpStatus < 500)
        {
            // Whatever the start has written is gone with its transaction; that it was refused is written in one of its own.
            return await database.WriteAsync(unit => FireAsync(unit, id, refusal, time.GetUtcNow()), cancellationToken);
        }
    }

    private async ValueTask<(StartedWork? Started, bool Again)> FireAsync(IUnitOfWork unit, Guid id, ParleyError? refusal, DateTimeOffset now)
    {
        // Another node may have been faster, or a person have changed it.
        if (await unit.Schedules.FindAsync(id) is not { } schedule || Judge(unit, schedule, now) is not { } step)
        {
            return default;
        }

        var after = schedule with { NextAt = step.Next };
        var again = step.Next <= now;
        if (await unit.Schedules.HasFiredAsync(id, step.Due))
        {
            // A clock that was put back makes a time due again.
            unit.Schedules.Update(after);
            return (null, again);
        }

        var firing = new Firing(id, 0, step.Due, now, step.Outcome) { Missed = step.Missed };
        if (step.Outcome != FiringOutcome.Started)
        {
            FiringWrites.Write(unit, after, firing with { Reason = step.Outcome == FiringOutcome.Missed ? $"Only the last {ScheduleRules.MostMadeUp} are made up for." : "Its time was over." });
            return (null, again);
        }

        if (refusal is not null)
        {
            var failed = Failed(unit, after, refusal, now);
            FiringWrites.Write(unit, failed, firing with { Outcome = FiringOutcome.Failed, Reason = $"{refusal.Message} {refusal.Fix}" });
            return (null, again && !failed.Paused);
        }

        var started = await writes.StartAsync(unit, schedule, step.Due);
        FiringWrites.Write(unit, after with { LastFiredAt = now, Failures = 0 }, firing with { MessageId = started.MessageId, SessionKey = started.SessionKey });
        return (started, again);
    }

    private static DueStep? Judge(IUnitOfWork unit, Schedule schedule, DateTimeOffset now)
    {
        try
        {
            return ScheduleRules.Judge(schedule, now);
        }
        catch (ParleyError fault)
        {
            // Such as a time zone that this machine does not know.
            FiringWrites.Tell(unit, schedule, "schedule_paused", $"The schedule '{schedule.Name}' is paused: {fault.Message} {fault.Fix}", now);
            unit.Schedules.Update(schedule with { PausedAt = now, PausedReason = fault.Message });
            return null;
        }
    }

    private static Schedule Failed(IUnitOfWork unit, Schedule schedule, ParleyError refusal, DateTimeOffset now)
    {
        var failures = schedule.Failures + 1;
        if (failures >= ScheduleRules.MostFailures && schedule.NextAt is not null)
        {
            var reason = $"It failed {failures} times in a row: {refusal.Message}";
            FiringWrites.Tell(unit, schedule, "schedule_paused", $"The schedule '{schedule.Name}' is paused. {reason} Go on with: parley schedule resume {schedule.Name}", now);
            return schedule with { Failures = failures, PausedAt = now, PausedReason = reason };
        }

        if (failures == 1)
        {
            FiringWrites.Tell(unit, schedule, "schedule_failed", $"The schedule '{schedule.Name}' could not start its work: {refusal.Message} {refusal.Fix}", now);
        }

        return schedule with { Failures = failures };
    }
}
