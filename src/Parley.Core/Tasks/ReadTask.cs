using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Tasks;

/// <summary>Reads a task. The rows are the truth: what is read after a restart or on another node is the same.</summary>
public sealed class ReadTask(IDatabase database, TimeProvider time)
{
    private const int LongestChain = 500;

    /// <summary>Returns the caller's task that was given to that target. Throws <c>not_found</c>.</summary>
    public async Task<TaskView> RunAsync(Caller caller, string target, Guid id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        var (view, over) = await database.ReadAsync(
            async unit =>
            {
                var known = await TaskTarget.FindAsync(unit, caller, target);
                var task = await TaskReading.OwnAsync(unit, caller, known, id);
                return (await TaskReading.ViewAsync(unit, task, known.Name), await IsOverAsync(unit, task));
            },
            cancellationToken);
        return over ? await database.WriteAsync(unit => CompleteAsync(unit, view), cancellationToken) : view;
    }

    /// <summary>Whether nobody in a meeting is left who was asked because of the task: a participant may pass without a word, so that only who looks can tell.</summary>
    private static async ValueTask<bool> IsOverAsync(IUnitOfWork unit, TaskRecord task)
    {
        if (task is not { Kind: TaskKind.Meeting, Stage: TaskStage.Working })
        {
            return false;
        }

        var chain = await unit.Meetings.ChainAsync(task.ConversationId, task.RootId, LongestChain);
        var asked = await unit.Deliveries.OfMessagesAsync(chain.ConvertAll(message => message.Id));
        return asked.TrueForAll(delivery => delivery.RepliedAt is not null || delivery.State is not (DeliveryState.Held or DeliveryState.Deferred or DeliveryState.Pending or DeliveryState.Offered));
    }

    private async ValueTask<TaskView> CompleteAsync(IUnitOfWork unit, TaskView seen)
    {
        await unit.Conversations.LockAsync(seen.Task.ConversationId);
        var task = await unit.Tasks.LockAsync(seen.Task.Id) ?? throw ParleyError.NotFound("task");
        if (await IsOverAsync(unit, task))
        {
            task = TaskWrites.Append(unit, task, TaskEventKind.Status, TaskStage.Completed, messageId: null, artifact: null, time.GetUtcNow());
        }

        return await TaskReading.ViewAsync(unit, task, seen.TargetName);
    }
}

/// <summary>Lists the tasks that the caller gave to an agent or a group, the last changed first.</summary>
public sealed class ListTasks(IDatabase database)
{
    /// <summary>Returns a page and how many there are in all. The query's organization, owner and target are those of the call, whatever it says. Throws <c>not_found</c>.</summary>
    public Task<(List<TaskView> Tasks, int Total)> RunAsync(Caller caller, string target, TaskQuery query, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var known = await TaskTarget.FindAsync(unit, caller, target);
                var (tasks, total) = await unit.Tasks.ListAsync(query with { OrganizationId = caller.OrganizationId, OwnerId = caller.Id, TargetId = known.Id });
                var views = new List<TaskView>(tasks.Count);
                foreach (var task in tasks)
                {
                    views.Add(await TaskReading.ViewAsync(unit, task, known.Name));
                }

                return (views, total);
            },
            cancellationToken);
    }
}
