namespace Parley.Core.Schedules;

/// <summary>What is done with a due time.</summary>
/// <param name="Due">The time it is done for.</param>
/// <param name="Outcome"><see cref="FiringOutcome.Started"/> where it fires, else what becomes of it.</param>
/// <param name="Missed">As in <see cref="Firing.Missed"/>.</param>
/// <param name="Next">What is due afterwards, or null.</param>
public sealed record DueStep(DateTimeOffset Due, FiringOutcome Outcome, int Missed, DateTimeOffset? Next);

/// <summary>When schedules are due, and what becomes of what was missed. Pure.</summary>
public static class ScheduleRules
{
    /// <summary>How many missed firings <see cref="MissedPolicy.All"/> makes up for.</summary>
    public const int MostMadeUp = 100;

    /// <summary>More missed firings are not counted.</summary>
    public const int MostCounted = 1_000;

    /// <summary>After so many failures in a row a schedule pauses itself.</summary>
    public const int MostFailures = 5;

    /// <summary>The newest entries of a history that are kept.</summary>
    public const int HistoryKept = 1_000;

    /// <summary>How late a firing is still on time for <see cref="MissedPolicy.Skip"/>: what a restart takes.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>The first due moment after one, in UTC; null where none comes. Throws <c>invalid_request</c> for a timing that cannot be read.</summary>
    public static DateTimeOffset? Next(Timing timing, DateTimeOffset after) => Calendar.Of(timing).After(after);

    /// <summary>The next due moments after one, at most so many, as the clock on the wall shows them.</summary>
    public static IReadOnlyList<DateTimeOffset> Upcoming(Timing timing, DateTimeOffset after, int count)
    {
        var (calendar, zone, upcoming) = (Calendar.Of(timing), ZoneTime.Find(timing.Zone), new List<DateTimeOffset>(count));
        for (var due = calendar.After(after); due is { } moment && upcoming.Count < count; due = calendar.After(moment))
        {
            upcoming.Add(ZoneTime.In(zone, moment));
        }

        return upcoming;
    }

    /// <summary>What to do now; null where nothing is due.</summary>
    public static DueStep? Judge(Schedule schedule, DateTimeOffset now)
    {
        if (schedule.Paused || schedule.NextAt is not { } first || first > now)
        {
            return null;
        }

        var calendar = Calendar.Of(schedule.Timing);
        if (schedule.Missed == MissedPolicy.All)
        {
            var from = calendar.Cut(first, now, MostMadeUp);
            return from == first
                ? new DueStep(first, FiringOutcome.Started, 0, calendar.After(first))
                : new DueStep(first, FiringOutcome.Missed, calendar.Count(first, from - TimeSpan.FromSeconds(1), MostCounted), from);
        }

        var last = calendar.Last(first, now);
        var (missed, next) = (calendar.Count(first, last - TimeSpan.FromSeconds(1), MostCounted), calendar.After(last));
        return schedule.Missed == MissedPolicy.One || now - last <= Grace
            ? new DueStep(last, FiringOutcome.Started, missed, next)
            : new DueStep(last, FiringOutcome.Skipped, Math.Min(missed + 1, MostCounted), next);
    }

    /// <summary>What a pause has held up: an entry without an effect, or null where nothing was due meanwhile.</summary>
    public static DueStep? HeldUp(Schedule schedule, DateTimeOffset now)
    {
        if (schedule.NextAt is not { } first || first > now)
        {
            return null;
        }

        var calendar = Calendar.Of(schedule.Timing);
        var last = calendar.Last(first, now);
        return new DueStep(last, FiringOutcome.Skipped, calendar.Count(first, last, MostCounted), calendar.After(now));
    }

    /// <summary>The key under which the work of a firing is started.</summary>
    public static string KeyOf(Guid scheduleId, DateTimeOffset due) => $"schedule:{scheduleId:n}:{due.UtcTicks}";
}
