namespace Parley.Core.Schedules;

/// <summary>Work that an agent is given again and again, or once at a time.</summary>
public sealed record Schedule
{
    /// <summary>Stable, whatever is changed.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Unique in the organization.</summary>
    public required string Name { get; init; }

    /// <summary>When it fires.</summary>
    public required Timing Timing { get; init; }

    /// <summary>Who does the work.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>Its name.</summary>
    public required string AgentName { get; init; }

    /// <summary>What it is to do.</summary>
    public required string Task { get; init; }

    /// <summary>Where the work is done.</summary>
    public ScheduleSession Session { get; init; }

    /// <summary><c>provider/model</c> of an isolated session, or null for its default.</summary>
    public string? Model { get; init; }

    /// <summary>How long an isolated session may take, or null for its default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where the result of an isolated session is posted, such as <c>channel:general</c>, or null.</summary>
    public string? Announce { get; init; }

    /// <summary>What becomes of firings that were missed while no server ran.</summary>
    public MissedPolicy Missed { get; init; }

    /// <summary>Since when it is paused, or null.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Why Parley paused it, or null where a person did or it is not paused.</summary>
    public string? PausedReason { get; init; }

    /// <summary>The person in whose name it fires.</summary>
    public required Guid CreatedById { get; init; }

    /// <summary>Their name.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The next time that is due, in a pause the first that the pause has held up; null where none comes any more.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When it last started something, or null.</summary>
    public DateTimeOffset? LastFiredAt { get; init; }

    /// <summary>How many firings in a row failed.</summary>
    public int Failures { get; init; }

    /// <summary>The number of the last entry of its history.</summary>
    public long Firings { get; init; }

    /// <summary>Whether it is paused.</summary>
    public bool Paused => PausedAt is not null;
}

/// <summary>Where the work of a schedule is done. Stored by name.</summary>
public enum ScheduleSession
{
    /// <summary>In a session of its own for each firing.</summary>
    Isolated,

    /// <summary>In the agent's main session, which gets the task as a message.</summary>
    Main,
}

/// <summary>What becomes of the firings that were due while no server ran. Stored by name.</summary>
public enum MissedPolicy
{
    /// <summary>It fires once, for the last of them.</summary>
    One,

    /// <summary>None of them fires, unless it is less than <see cref="ScheduleRules.Grace"/> late.</summary>
    Skip,

    /// <summary>Each of the last <see cref="ScheduleRules.MostMadeUp"/> fires, one after the other.</summary>
    All,
}
