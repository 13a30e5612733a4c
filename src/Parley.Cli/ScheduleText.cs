using System.Globalization;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary>How schedules are printed.</summary>
internal static class ScheduleText
{
    /// <summary>A sentence about a schedule, and when it fires next: on the wall of its time zone and in UTC.</summary>
    public static void Tell(Screen screen, ScheduleView schedule, string sentence)
    {
        if (screen.IsJson)
        {
            screen.Json(schedule, Screen.Wire.ScheduleView);
            return;
        }

        screen.Line(schedule.Upcoming.Count > 0 ? sentence : $"{sentence[..sentence.LastIndexOf(". ", StringComparison.Ordinal)]}. It is {schedule.State}: nothing is due.");
        foreach (var due in schedule.Upcoming)
        {
            screen.Line("  " + Upcoming(due, schedule.TimeZone));
        }
    }

    public static void List(Screen screen, ListOf<ScheduleView> schedules)
    {
        if (screen.IsJson)
        {
            screen.Json(schedules, Screen.Wire.ListOfScheduleView);
            return;
        }

        screen.Table(
            schedules.Items, "There are no schedules: 'parley schedule add --cron \"0 9 * * 1-5\" --agent AGENT --task TEXT' makes one.",
            ("NAME", schedule => schedule.Name), ("STATE", State), ("WHEN", When), ("ZONE", schedule => schedule.TimeZone), ("AGENT", schedule => schedule.Agent),
            ("NEXT", schedule => schedule.Upcoming.Count > 0 ? screen.Time(schedule.Upcoming[0].Utc) : ""), ("LAST", schedule => screen.Time(schedule.LastFiredAt)), ("TASK", schedule => Short(schedule.Task)));
    }

    public static void Show(Screen screen, ScheduleView schedule)
    {
        if (screen.IsJson)
        {
            screen.Json(schedule, Screen.Wire.ScheduleView);
            return;
        }

        screen.Facts([
            ("name", schedule.Name), ("id", schedule.Id.ToString()), ("state", schedule.PausedReason is { } reason ? $"{schedule.State}: {reason}" : State(schedule)), ("when", When(schedule)),
            ("time zone", schedule.TimeZone), ("agent", schedule.Agent), ("task", schedule.Task), ("session", schedule.Session), ("model", schedule.Model),
            ("timeout", schedule.TimeoutSeconds is { } seconds ? Format.Duration(TimeSpan.FromSeconds(seconds)) : null), ("announce", schedule.Announce), ("missed", schedule.Missed),
            .. schedule.Upcoming.Select(due => ("next", (string?)Upcoming(due, schedule.TimeZone))), ("last", screen.Time(schedule.LastFiredAt)), ("made by", schedule.CreatedBy),
            ("made", screen.Time(schedule.CreatedAt))]);
    }

    public static void History(Screen screen, ScheduleHistoryPage page)
    {
        if (screen.IsJson)
        {
            screen.Json(page, Screen.Wire.ScheduleHistoryPage);
            return;
        }

        screen.Table(
            page.Items, "Nothing was due yet.",
            ("NUMBER", firing => Format.Number(firing.Number)), ("DUE", firing => screen.Time(firing.Due)), ("DECIDED", firing => screen.Time(firing.FiredAt)), ("OUTCOME", Outcome),
            ("STARTED", firing => firing.MessageId?.ToString() ?? firing.SessionKey), ("REASON", firing => firing.Reason));
        if (page.Next is { } next)
        {
            screen.Note($"There is more: --before {next}");
        }
    }

    private static string State(ScheduleView schedule) => schedule.Failures > 0 && schedule.State == "active" ? $"failing ({schedule.Failures})" : schedule.State;

    private static string When(ScheduleView schedule) => schedule switch
    {
        { Cron: { } cron } => cron,
        { EverySeconds: { } seconds } => "every " + Length(TimeSpan.FromSeconds(seconds)),
        _ => $"once {schedule.At:yyyy-MM-dd HH:mm:ss}",
    };

    private static string Length(TimeSpan time) => (time.Days, time.Hours, time.Minutes, time.Seconds) switch
    {
        (var days and > 0, 0, 0, 0) => string.Create(CultureInfo.InvariantCulture, $"{days}d"),
        (_, _, 0, 0) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h"),
        (_, _, _, 0) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s"),
    };

    private static string Upcoming(UpcomingView due, string zone) => string.Create(CultureInfo.InvariantCulture, $"{due.Local:ddd yyyy-MM-dd HH:mm:ss} {zone} ({due.Utc:yyyy-MM-dd HH:mm:ss}Z)");

    private static string Outcome(FiringView firing) => (firing.Outcome, firing.Missed) switch
    {
        ("started", 0) => firing.Manual ? "started by hand" : "started",
        ("started" or "failed", > 0) => $"{firing.Outcome}, {Count(firing.Missed)} missed before",
        (var outcome, 0) => outcome,
        var (outcome, missed) => $"{outcome} {Count(missed)}",
    };

    private static string Count(int missed) => missed >= 1_000 ? "1000 or more" : Format.Number(missed);

    private static string Short(string task)
    {
        var line = task.Split('\n')[0];
        return line.Length > 60 ? line[..59] + "…" : line;
    }
}
