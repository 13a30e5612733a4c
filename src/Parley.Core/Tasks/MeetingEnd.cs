using Parley.Core.Meetings;
using Parley.Core.Messages;

namespace Parley.Core.Tasks;

/// <summary>The end of a task that was given to a meeting: a participant may pass without a word, so that only who looks can tell.</summary>
internal static class MeetingEnd
{
    private const int LongestChain = 500;

    /// <summary>Whether nobody in the meeting is left who was asked because of the task, or the room is closed.</summary>
    public static async ValueTask<bool> IsReachedAsync(IUnitOfWork unit, TaskRecord task)
    {
        if (task is not { Kind: TaskKind.Meeting, Stage: TaskStage.Working })
        {
            return false;
        }

        if (await IsClosedAsync(unit, task))
        {
            return true;
        }

        var chain = await unit.Meetings.ChainAsync(task.ConversationId, task.RootId, LongestChain);
        var asked = await unit.Deliveries.OfMessagesAsync(chain.ConvertAll(message => message.Id));
        return asked.TrueForAll(delivery => delivery.RepliedAt is not null || delivery.State is not (DeliveryState.Held or DeliveryState.Deferred or DeliveryState.Pending or DeliveryState.Offered));
    }

    /// <summary>The task as it is then: ended, where the end is still reached once its conversation is locked. A room that was closed before anybody answered has canceled it.</summary>
    public static async ValueTask<TaskRecord?> CompleteAsync(IUnitOfWork unit, TaskRecord seen, DateTimeOffset now)
    {
        await unit.Conversations.LockAsync(seen.ConversationId);
        if (await unit.Tasks.LockAsync(seen.Id) is not { } task || !await IsReachedAsync(unit, task))
        {
            return await unit.Tasks.LockAsync(seen.Id);
        }

        var canceled = await IsClosedAsync(unit, task) && !(await unit.Tasks.EventsAsync(task.Id, after: 0)).Exists(made => made.Kind == TaskEventKind.Artifact);
        return TaskWrites.Append(unit, task, TaskEventKind.Status, canceled ? TaskStage.Canceled : TaskStage.Completed, messageId: null, artifact: null, now);
    }

    private static async ValueTask<bool> IsClosedAsync(IUnitOfWork unit, TaskRecord task) =>
        await unit.Meetings.FindAsync(task.OrganizationId, task.TargetId) is { State: MeetingState.Archived };
}
