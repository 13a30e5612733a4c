namespace Parley.Core.Schedules;

/// <summary>What a person says of a schedule, before it was checked. For a change null leaves what is there.</summary>
public sealed record ScheduleInput
{
    /// <summary>What it is called; null counts on: <c>schedule-1</c>, <c>schedule-2</c>, …</summary>
    public string? Name { get; init; }

    /// <summary>The agent that does the work.</summary>
    public string? Agent { get; init; }

    /// <summary>What it is to do.</summary>
    public string? Task { get; init; }

    /// <summary>A cron expression, or null.</summary>
    public string? Cron { get; init; }

    /// <summary>An interval, or null.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>One time: that of the wall in <see cref="TimeZone"/>, or with its offset; or null.</summary>
    public string? At { get; init; }

    /// <summary>The time zone (IANA); null is UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>isolated</c> (null) or <c>main</c>.</summary>
    public string? Session { get; init; }

    /// <summary><c>provider/model</c> of an isolated session; empty for its default.</summary>
    public string? Model { get; init; }

    /// <summary>How long an isolated session may take; zero for its default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where the result of an isolated session is posted: <c>channel:general</c>; empty for nowhere.</summary>
    public string? Announce { get; init; }

    /// <summary><c>one</c> (null), <c>skip</c> or <c>all</c>.</summary>
    public string? Missed { get; init; }
}
