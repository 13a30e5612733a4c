using Parley.Core.Messages;

namespace Parley.Core.Tasks;

/// <summary>Appends to the life of a task within a write.</summary>
internal static class TaskWrites
{
    /// <summary>Appends an event and returns the task as it is then.</summary>
    public static TaskRecord Append(IUnitOfWork unit, TaskRecord task, TaskEventKind kind, TaskStage stage, Guid? messageId, string? artifact, DateTimeOffset now)
    {
        var changed = task with { Stage = stage, Events = task.Events + 1, UpdatedAt = now, EndedAt = TaskRules.IsEnd(stage) ? now : null };
        unit.Tasks.Append(changed, new TaskEvent(task.Id, changed.Events, kind, stage, messageId, artifact, now));
        return changed;
    }

    /// <summary>Stores a task with the message that gave it.</summary>
    public static TaskRecord Begin(IUnitOfWork unit, TaskRecord task, DateTimeOffset now)
    {
        unit.Tasks.Add(task);
        return Append(unit, task, TaskEventKind.Said, task.Stage, task.MessageId, artifact: null, now);
    }

    /// <summary>The message as the whole answer: an artifact, and the end.</summary>
    public static void Answer(IUnitOfWork unit, TaskRecord task, Message message, DateTimeOffset now)
    {
        var made = Append(unit, task, TaskEventKind.Artifact, TaskStage.Working, message.Id, artifact: null, now);
        Append(unit, made, TaskEventKind.Status, TaskStage.Completed, messageId: null, artifact: null, now);
    }
}
