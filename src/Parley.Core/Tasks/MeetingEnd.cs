using Parley.Core.Messages;

namespace Parley.Core.Tasks;

/// <summary>The end of a task that was given to a meeting: a participant may pass without a word, so that only who looks can tell.</summary>
internal static class MeetingEnd
{
    private const int LongestChain = 500;

    /// <summary>Whether nobody in the meeting is left who was asked because of the task.</summary>
    public static async ValueTask<bool> IsReachedAsync(IUnitOfWork unit, TaskRecord task)
    {
        if (task is not { Kind: TaskKind.Meeting, Stage: TaskStage.Working })
        {
            return false;
        }

        var chain = await unit.Meetings.ChainAsync(task.ConversationId, task.RootId, LongestChain);
        var asked = await unit.Deliveries.OfMessagesAsync(chain.ConvertAll(message => message.Id));
        return asked.TrueForAll(delivery => delivery.RepliedAt is not null || delivery.State is not (DeliveryState.Held or DeliveryState.Deferred or DeliveryState.Pending or DeliveryState.Offered));
    }

    /// <summary>The task as it is then: completed, where the end is still reached once its conversation is locked.</summary>
    public static async ValueTask<TaskRecord?> CompleteAsync(IUnitOfWork unit, TaskRecord seen, DateTimeOffset now)
    {
        await unit.Conversations.LockAsync(seen.ConversationId);
        var task = await unit.Tasks.LockAsync(seen.Id);
        return task is not null && await IsReachedAsync(unit, task)
            ? TaskWrites.Append(unit, task, TaskEventKind.Status, TaskStage.Completed, messageId: null, artifact: null, now)
            : task;
    }
}
