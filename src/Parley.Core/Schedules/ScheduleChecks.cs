using System.Globalization;
using System.Text;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;

namespace Parley.Core.Schedules;

/// <summary>Checks what a person says of a schedule. Pure; throws <c>invalid_request</c> or <c>too_large</c> naming the field.</summary>
public static class ScheduleChecks
{
    private const string Channel = "channel:";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Fills in everything that the input says beside name and agent. The timing of a change counts from now on.</summary>
    public static Schedule Fill(Schedule schedule, ScheduleInput input, DateTimeOffset now)
    {
        var timing = TimingOf(schedule.Timing, input, now);
        var filled = schedule with
        {
            Timing = timing,
            NextAt = timing == schedule.Timing ? schedule.NextAt : ScheduleRules.Next(timing, now),
            Task = input.Task is null ? schedule.Task : TaskOf(input.Task),
            Session = SessionOf(input.Session) ?? schedule.Session,
            Missed = MissedOf(input.Missed) ?? schedule.Missed,
            Model = input.Model is null ? schedule.Model : ModelOf(input.Model),
            Timeout = input.Timeout is null ? schedule.Timeout : TimeoutOf(input.Timeout.Value),
            Announce = input.Announce is null ? schedule.Announce : AnnounceOf(input.Announce),
        };
        if (filled.Session == ScheduleSession.Main && (filled.Model ?? filled.Announce ?? filled.Timeout?.ToString()) is not null)
        {
            throw ParleyError.Invalid(
                filled.Model is not null ? "model" : filled.Announce is not null ? "announce" : "timeout", "Model, timeout and announcement belong to an isolated session.",
                "Leave them out, or use the session 'isolated'.");
        }

        return filled;
    }

    /// <summary>The timing that the input asks for. Exactly one of cron, every and at makes a new one.</summary>
    private static Timing TimingOf(Timing before, ScheduleInput input, DateTimeOffset now)
    {
        if (new object?[] { input.Cron, input.Every, input.At }.Count(given => given is not null) is var given && (given > 1 || (given == 0 && before.Text.Length == 0)))
        {
            throw ParleyError.Invalid("cron", given == 0 ? "It is not said when it fires." : "It is said more than once when it fires.", "Give one of cron (\"0 9 * * 1-5\"), every (15m) and at (\"2030-12-01 09:00\").");
        }

        var zone = input.TimeZone?.Trim() ?? before.Zone;
        var info = ZoneTime.Find(zone);
        return input switch
        {
            { Cron: { } cron } => CronOf(cron, zone, now),
            { Every: { } every } => new Timing(TimingKind.Every, EveryOf(every), zone, Whole(now)),
            { At: { } at } => new Timing(TimingKind.At, AtOf(at, info, now), zone, Whole(now)),
            _ => zone == before.Zone ? before : before with { Zone = zone },
        };
    }

    private static Timing CronOf(string text, string zone, DateTimeOffset now)
    {
        _ = CronExpression.Parse(text);
        return new Timing(TimingKind.Cron, CronExpression.Normal(text), zone, Whole(now));
    }

    private static string EveryOf(TimeSpan every) => every >= Shortest && every <= Longest && every.Ticks % TimeSpan.TicksPerSecond == 0
        ? ((long)every.TotalSeconds).ToString(CultureInfo.InvariantCulture)
        : throw ParleyError.Invalid("every", "The interval is out of bounds.", "Use whole seconds from 1 second to 366 days, such as 15m.");

    private static string AtOf(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        var moment = HasOffset(text) ? Parsed(text) : ZoneTime.MomentOf(zone, Parsed(text).DateTime);
        return moment > now && moment < now.AddYears(10)
            ? Whole(moment).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : throw ParleyError.Invalid("at", "That time is not within the coming ten years.", $"Name a time in the future; in {zone.Id} it is now {ZoneTime.In(zone, now):yyyy-MM-dd HH:mm}.");
    }

    private static bool HasOffset(string text) => text.TrimEnd().EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf(':', StringComparison.Ordinal);

    private static DateTimeOffset Parsed(string text) =>
        text.Contains(':', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? HasOffset(text) ? moment.ToUniversalTime() : moment
            : throw ParleyError.Invalid("at", "That is not a date with a time.", "Write \"2030-12-01 09:00\", or with an offset \"2030-12-01T09:00:00+01:00\".");

    private static string TaskOf(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || Draft.Unstorable(text))
        {
            throw ParleyError.Invalid("task", "The task is empty or not valid text.", "Say what the agent is to do.");
        }

        return Encoding.UTF8.GetByteCount(text) <= Limits.ContentBytes
            ? text
            : throw new ParleyError(ErrorCode.TooLarge, "The task is over 64 KiB.", "Write a summary and where to find the rest.") { Field = "task" };
    }

    private static ScheduleSession? SessionOf(string? text) => text switch
    {
        null => null,
        "isolated" => ScheduleSession.Isolated,
        "main" => ScheduleSession.Main,
        _ => throw ParleyError.Invalid("session", "The session is unknown.", "Use isolated or main."),
    };

    private static MissedPolicy? MissedOf(string? text) => text switch
    {
        null => null,
        "one" => MissedPolicy.One,
        "skip" => MissedPolicy.Skip,
        "all" => MissedPolicy.All,
        _ => throw ParleyError.Invalid("missed", "What becomes of missed firings is unknown.", "Use one, skip or all."),
    };

    private static string? ModelOf(string text) => text.Trim() switch
    {
        "" => null,
        { Length: <= 200 } model when model.Contains('/', StringComparison.Ordinal) && !Draft.Unstorable(model) => model,
        _ => throw ParleyError.Invalid("model", "The model is not named as provider/model.", "See what there is: parley models"),
    };

    private static TimeSpan? TimeoutOf(TimeSpan timeout) => timeout == TimeSpan.Zero ? null : timeout >= Shortest && timeout <= SessionPolicy.LongestTimeout
        ? timeout
        : throw ParleyError.Invalid("timeout", "The time of a session is out of bounds.", "Use 1 second to 24 hours.");

    private static string? AnnounceOf(string text)
    {
        var place = text.Trim().ToLowerInvariant();
        var name = place.StartsWith(Channel, StringComparison.Ordinal) ? place[Channel.Length..] : place.StartsWith('#') ? place[1..] : place.Length == 0 ? null : "";
        return name is null || Name.HasForm(name)
            ? name is null ? null : Channel + name
            : throw ParleyError.Invalid("announce", "Results are announced in a channel.", "Write it as channel:general.");
    }

    private static DateTimeOffset Whole(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % TimeSpan.TicksPerSecond)).ToUniversalTime();
}
