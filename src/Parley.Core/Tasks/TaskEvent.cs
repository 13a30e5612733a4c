using Parley.Core.Messages;

namespace Parley.Core.Tasks;

/// <summary>One step in the life of a task, as it is stored.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Number">1, 2, 3… without gaps.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Stage">How far the task is after it.</param>
/// <param name="MessageId">The message that did it, or null where Parley did.</param>
/// <param name="Artifact">Of an artifact what the message does not say itself, as JSON; null for a message that is the whole artifact.</param>
/// <param name="At">When it was stored.</param>
public sealed record TaskEvent(Guid TaskId, long Number, TaskEventKind Kind, TaskStage Stage, Guid? MessageId, string? Artifact, DateTimeOffset At);

/// <summary>What happened to a task.</summary>
public enum TaskEventKind
{
    /// <summary>Its owner said something.</summary>
    Said,

    /// <summary>Its stage is another, or whoever does it said how it goes.</summary>
    Status,

    /// <summary>Something was made, or a piece of it.</summary>
    Artifact,
}

/// <summary>An event with its message, or null where there is none any more.</summary>
public sealed record TaskStep(TaskEvent Event, Message? Message);

/// <summary>A task with its events in order.</summary>
/// <param name="Task">The task.</param>
/// <param name="Steps">Its events.</param>
/// <param name="TargetName">The name of whom it was given to.</param>
public sealed record TaskView(TaskRecord Task, IReadOnlyList<TaskStep> Steps, string TargetName);
