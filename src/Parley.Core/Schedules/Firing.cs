namespace Parley.Core.Schedules;

/// <summary>One entry of a schedule's history.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="Number">Counts the entries of a schedule from 1.</param>
/// <param name="Due">The time it stands for; no other entry of the schedule has it. For <see cref="Manual"/> the time of the call.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record Firing(Guid ScheduleId, long Number, DateTimeOffset Due, DateTimeOffset At, FiringOutcome Outcome)
{
    /// <summary>How many due times have no entry of their own because of this one: of <see cref="FiringOutcome.Started"/> those before it, of the others with it.</summary>
    public int Missed { get; init; }

    /// <summary>True where a person said so and no time was due.</summary>
    public bool Manual { get; init; }

    /// <summary>The message that it posted, or null.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>The key of the session that works on it, or null.</summary>
    public string? SessionKey { get; init; }

    /// <summary>Why it is as it is, or null.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of a due time. Stored by name.</summary>
public enum FiringOutcome
{
    /// <summary>The work was started in the same transaction.</summary>
    Started,

    /// <summary>The policy or a pause let it pass.</summary>
    Skipped,

    /// <summary>There were more than are made up for.</summary>
    Missed,

    /// <summary>The work could not be started.</summary>
    Failed,
}
