namespace Parley.Client.Wire;

/// <summary>Makes a schedule: <c>POST /api/v1/schedules</c>. Exactly one of cron, every_seconds and at says when it fires.</summary>
/// <param name="Agent">The agent that does the work; Parley has to run it.</param>
/// <param name="Task">What it is to do.</param>
/// <param name="Name">What it is called; absent counts on: <c>schedule-1</c>, <c>schedule-2</c>, …</param>
/// <param name="Cron">A unix cron expression of five fields, of six with seconds, or <c>@daily</c> and the like.</param>
/// <param name="EverySeconds">An interval, counted from now.</param>
/// <param name="At">One time: that of the wall in the time zone, or with its offset.</param>
/// <param name="TimeZone">The time zone (IANA) of cron and at; absent: UTC.</param>
/// <param name="Session"><c>isolated</c> (absent): a session of its own for each firing; <c>main</c>: a message to the agent's main session.</param>
/// <param name="Model"><c>provider/model</c> of an isolated session; empty for its default.</param>
/// <param name="TimeoutSeconds">How long an isolated session may take; 0 for its default.</param>
/// <param name="Announce">Where the result of an isolated session is posted: <c>channel:general</c>; empty for nowhere.</param>
/// <param name="Missed">What becomes of firings that were missed while no server ran: <c>one</c> (absent), <c>skip</c> or <c>all</c>.</param>
public sealed record AddScheduleRequest(
    string? Agent, string? Task, string? Name = null, string? Cron = null, double? EverySeconds = null, string? At = null, string? TimeZone = null, string? Session = null, string? Model = null,
    double? TimeoutSeconds = null, string? Announce = null, string? Missed = null);

/// <summary>Changes of a schedule: <c>PATCH /api/v1/schedules/{schedule}</c>. What is absent stays; the fields are those of <see cref="AddScheduleRequest"/>.</summary>
public sealed record EditScheduleRequest(
    string? Agent = null, string? Task = null, string? Cron = null, double? EverySeconds = null, string? At = null, string? TimeZone = null, string? Session = null, string? Model = null,
    double? TimeoutSeconds = null, string? Announce = null, string? Missed = null);

/// <summary>A schedule as it is shown.</summary>
public sealed record ScheduleView
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>active</c>, <c>paused</c>, or <c>done</c>: then nothing is due any more.</summary>
    public required string State { get; init; }

    /// <summary>Why Parley paused it; absent where a person did.</summary>
    public string? PausedReason { get; init; }

    /// <summary>Who does the work.</summary>
    public required string Agent { get; init; }

    /// <summary>What it is to do.</summary>
    public required string Task { get; init; }

    /// <summary>The cron expression, where there is one.</summary>
    public string? Cron { get; init; }

    /// <summary>The interval, where there is one.</summary>
    public double? EverySeconds { get; init; }

    /// <summary>The single time, where there is one, with the offset of the time zone.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The time zone (IANA).</summary>
    public required string TimeZone { get; init; }

    /// <summary><c>isolated</c> or <c>main</c>.</summary>
    public required string Session { get; init; }

    /// <summary>The model of an isolated session, where one is named.</summary>
    public string? Model { get; init; }

    /// <summary>How long an isolated session may take, where that is said.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Where the result is posted, where that is said.</summary>
    public string? Announce { get; init; }

    /// <summary><c>one</c>, <c>skip</c> or <c>all</c>.</summary>
    public required string Missed { get; init; }

    /// <summary>The next times that are due, at most three; none where it is paused or done.</summary>
    public required IReadOnlyList<UpcomingView> Upcoming { get; init; }

    /// <summary>When it last started something; absent before.</summary>
    public DateTimeOffset? LastFiredAt { get; init; }

    /// <summary>How many firings in a row failed; at five it pauses itself.</summary>
    public required int Failures { get; init; }

    /// <summary>The person in whose name it fires.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A time that is due.</summary>
/// <param name="Local">As the clock on the wall shows it in the schedule's time zone, with its offset.</param>
/// <param name="Utc">The same moment in UTC.</param>
public sealed record UpcomingView(DateTimeOffset Local, DateTimeOffset Utc);

/// <summary>What became of a due time.</summary>
/// <param name="Number">Counts the entries of a schedule from 1.</param>
/// <param name="Due">The time it stands for.</param>
/// <param name="FiredAt">When it was decided.</param>
/// <param name="Outcome"><c>started</c>, <c>skipped</c>, <c>missed</c> or <c>failed</c>.</param>
/// <param name="Missed">How many due times have no entry of their own because of this one, 1,000 and more as 1,000: of a started one those before it, of the others it counts too.</param>
/// <param name="Manual">True where a person said so.</param>
/// <param name="MessageId">The message that it posted.</param>
/// <param name="SessionKey">The session that works on it.</param>
/// <param name="Reason">Why it is as it is.</param>
public sealed record FiringView(
    long Number, DateTimeOffset Due, DateTimeOffset FiredAt, string Outcome, int Missed, bool Manual, Guid? MessageId = null, string? SessionKey = null, string? Reason = null);

/// <summary>A part of a schedule's history: <c>GET /api/v1/schedules/{schedule}/history</c>.</summary>
/// <param name="Items">The entries, newest first.</param>
/// <param name="Next">Hand it in as <c>before</c> to go on; absent at the end.</param>
public sealed record ScheduleHistoryPage(IReadOnlyList<FiringView> Items, long? Next);
