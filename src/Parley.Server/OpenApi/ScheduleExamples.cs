using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of schedules.</summary>
internal static class ScheduleExamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b");
    private static readonly Guid Message = new("01957e3a-5b7c-7d10-8f2a-000000000002");
    private const string Task = "Summarize what changed since yesterday.";

    public static readonly AddScheduleRequest Add = new("tesla", Task, "morning", "0 9 * * 1-5", TimeZone: "Europe/Berlin", Announce: "channel:general");

    public static readonly EditScheduleRequest Edit = new(Cron: "30 8 * * 1-5");

    public static readonly ScheduleView Schedule = new()
    {
        Id = Id, Name = "morning", State = "active", Agent = "tesla", Task = Task, Cron = "0 9 * * 1-5", TimeZone = "Europe/Berlin", Session = "isolated", Announce = "channel:general", Missed = "one",
        Upcoming = [new UpcomingView(At.ToOffset(TimeSpan.FromHours(1)), At)], LastFiredAt = At.AddDays(-3), Failures = 0, CreatedBy = "maria", CreatedAt = At.AddDays(-30),
    };

    public static readonly ScheduleView Paused = Schedule with { State = "paused", Upcoming = [] };

    public static readonly ListOf<ScheduleView> Schedules = new([Schedule]);

    public static readonly FiringView Firing = new(12, At, At.AddSeconds(0.4), "started", 0, false, Message, "agent:tesla:main");

    public static readonly ScheduleHistoryPage History = new([Firing], 12);
}
