using System.Globalization;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Schedules;

namespace Parley.Server.Mapping;

/// <summary>Schedules on the wire.</summary>
internal static class ScheduleMapping
{
    private const int Upcoming = 3;

    public static ScheduleInput ToInput(AddScheduleRequest request) => new()
    {
        Name = request.Name, Agent = request.Agent, Task = request.Task, Cron = request.Cron, Every = Seconds.ToTime(request.EverySeconds, "every_seconds"), At = request.At,
        TimeZone = request.TimeZone, Session = request.Session, Model = request.Model, Timeout = Seconds.ToTime(request.TimeoutSeconds, "timeout_seconds"), Announce = request.Announce,
        Missed = request.Missed,
    };

    public static ScheduleInput ToInput(EditScheduleRequest request) => new()
    {
        Agent = request.Agent, Task = request.Task, Cron = request.Cron, Every = Seconds.ToTime(request.EverySeconds, "every_seconds"), At = request.At, TimeZone = request.TimeZone,
        Session = request.Session, Model = request.Model, Timeout = Seconds.ToTime(request.TimeoutSeconds, "timeout_seconds"), Announce = request.Announce, Missed = request.Missed,
    };

    public static ScheduleView ToView(Schedule schedule, DateTimeOffset now) => new()
    {
        Id = schedule.Id,
        Name = schedule.Name,
        State = schedule.NextAt is null ? "done" : schedule.Paused ? "paused" : "active",
        PausedReason = schedule.PausedReason,
        Agent = schedule.AgentName,
        Task = schedule.Task,
        Cron = schedule.Timing is { Kind: TimingKind.Cron, Text: var cron } ? cron : null,
        EverySeconds = schedule.Timing is { Kind: TimingKind.Every, Text: var seconds } ? double.Parse(seconds, CultureInfo.InvariantCulture) : null,
        At = schedule.Timing.Kind == TimingKind.At ? AtOf(schedule.Timing) : null,
        TimeZone = schedule.Timing.Zone,
        Session = schedule.Session == ScheduleSession.Main ? "main" : "isolated",
        Model = schedule.Model,
        TimeoutSeconds = schedule.Timeout?.TotalSeconds,
        Announce = schedule.Announce,
        Missed = NameOf(schedule.Missed),
        Upcoming = schedule.Paused || schedule.NextAt is null ? [] : UpcomingOf(schedule.Timing, now),
        LastFiredAt = schedule.LastFiredAt,
        Failures = schedule.Failures,
        CreatedBy = schedule.CreatedBy,
        CreatedAt = schedule.CreatedAt,
    };

    public static FiringView ToView(Firing firing) => new(
        firing.Number, firing.Due, firing.At, firing.Outcome.ToString().ToLowerInvariant(), firing.Missed, firing.Manual, firing.MessageId, firing.SessionKey, firing.Reason);

    private static DateTimeOffset? AtOf(Timing timing) => UpcomingOf(timing, DateTimeOffset.UnixEpoch) is [var only] ? only.Local : null;

    private static List<UpcomingView> UpcomingOf(Timing timing, DateTimeOffset now)
    {
        try
        {
            return [.. ScheduleRules.Upcoming(timing, now, Upcoming).Select(local => new UpcomingView(local, local.ToUniversalTime()))];
        }
        catch (ParleyError)
        {
            // A time zone that this machine has lost; the loop says so to a person.
            return [];
        }
    }

    private static string NameOf(MissedPolicy policy) => policy switch
    {
        MissedPolicy.One => "one",
        MissedPolicy.Skip => "skip",
        MissedPolicy.All => "all",
        _ => throw new ArgumentOutOfRangeException(nameof(policy)),
    };
}
