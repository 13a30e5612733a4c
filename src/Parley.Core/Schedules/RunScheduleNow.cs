using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Starts the work of a schedule now, also in a pause. Its next time stays as it is. Who made it, or an admin.</summary>
public sealed class RunScheduleNow(IDatabase database, FiringWrites writes, TimeProvider time)
{
    /// <summary>
    /// Returns the entry of its history. Throws <c>not_found</c>, <c>forbidden</c>, and the refusal where the work cannot be started, which stores nothing and does not
    /// count as a failure of the schedule.
    /// </summary>
    public async Task<Firing> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        var (firing, started) = await database.ChangeAsync(
            caller, time, "schedule.run", nameOrId, Role.Member,
            async (unit, now) =>
            {
                var schedule = await ScheduleLookup.ManagedAsync(unit, caller, nameOrId);
                // Stores keep microseconds; the answer is what will be read.
                now = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMicrosecond));
                var due = now;
                while (await unit.Schedules.HasFiredAsync(schedule.Id, due))
                {
                    due = due.AddMicroseconds(1);
                }

                var work = await writes.StartAsync(unit, schedule, due);
                var written = FiringWrites.Write(
                    unit, schedule with { LastFiredAt = now }, new Firing(schedule.Id, 0, due, now, FiringOutcome.Started) { Manual = true, MessageId = work.MessageId, SessionKey = work.SessionKey });
                return (written, work);
            },
            cancellationToken);
        started.Committed();
        return firing;
    }
}
