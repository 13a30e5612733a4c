using Parley.Core.Messages;

namespace Parley.Core.Tasks;

/// <summary>Reads tasks with what was said.</summary>
internal static class TaskReading
{
    /// <summary>The caller's task of that id that was given to that target; throws <c>not_found</c> in the same words for every other.</summary>
    public static async ValueTask<TaskRecord> OwnAsync(IUnitOfWork unit, Caller caller, TaskTarget target, Guid id) =>
        await unit.Tasks.FindAsync(caller.OrganizationId, id) is { } task && task.OwnerId == caller.Id && task.OwnerKind == caller.Kind && task.TargetId == target.Id
            ? task
            : throw TaskTarget.NoTask();

    /// <summary>The task with its events.</summary>
    public static async ValueTask<TaskView> ViewAsync(IUnitOfWork unit, TaskRecord task, string target)
    {
        var messages = new Dictionary<Guid, Message?>();
        var steps = new List<TaskStep>();
        foreach (var made in await unit.Tasks.EventsAsync(task.Id, after: 0))
        {
            steps.Add(new TaskStep(made, made.MessageId is { } id ? await FindAsync(unit, task, id, messages) : null));
        }

        return new TaskView(task, steps, target);
    }

    /// <summary>The one of that id within the organization that can be read; each is read once.</summary>
    private static async ValueTask<Message?> FindAsync(IUnitOfWork unit, TaskRecord task, Guid id, Dictionary<Guid, Message?> known)
    {
        if (!known.TryGetValue(id, out var message))
        {
            message = await unit.Messages.FindAsync(task.OrganizationId, id);
            known[id] = message;
        }

        return message;
    }
}
