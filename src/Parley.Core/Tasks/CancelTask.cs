using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;

namespace Parley.Core.Tasks;

/// <summary>Ends a task for good. A session that does it is killed; an agent that does it is told by Parley, whatever became of their link.</summary>
public sealed class CancelTask(IDatabase database, KillSession kill, ReadTask read, IWake wake, TimeProvider time)
{
    /// <summary>Returns the task as it is then. Throws <c>not_found</c>, and <c>task_ended</c>.</summary>
    public async Task<TaskView> RunAsync(Caller caller, string target, Guid id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Send);
        var task = await database.ReadAsync(async unit => await TaskReading.OwnAsync(unit, caller, await TaskTarget.FindAsync(unit, caller, target), id), cancellationToken);
        if (task is { SessionId: { } session, Ended: false })
        {
            await KillAsync(caller, task, session, cancellationToken);
        }
        else
        {
            var told = await database.WriteAsync(unit => EndAsync(unit, caller, task), cancellationToken);
            wake.Wake(new WakeHint(task.OrganizationId, task.ConversationId, told, Message: null));
        }

        return await read.RunAsync(caller, target, id, cancellationToken);
    }

    private async Task KillAsync(Caller caller, TaskRecord task, Guid session, CancellationToken cancellationToken)
    {
        try
        {
            await kill.RunAsync(caller, session.ToString(), "its task was canceled", cancellationToken);
        }
        catch (ParleyError error) when (error.Code == ErrorCode.SessionEnded)
        {
            throw FollowTasks.Ended(task);
        }
    }

    private async ValueTask<List<InboxPosition>> EndAsync(IUnitOfWork unit, Caller caller, TaskRecord seen)
    {
        var now = time.GetUtcNow();
        List<InboxPosition> told = [];
        if (seen is { Kind: TaskKind.Peer, Ended: false })
        {
            // Before the task's own lock, as every message is written before what follows from it.
            told.Add(await SystemNotice.WriteAsync(
                unit, seen.OrganizationId, seen.TargetId, "task_canceled", $"{caller.Name} has canceled the task {seen.Id}: it takes no more answers.", seen.MessageId, now));
        }

        if (await unit.Tasks.LockAsync(seen.Id) is not { Ended: false } task)
        {
            throw FollowTasks.Ended(await unit.Tasks.FindAsync(seen.OrganizationId, seen.Id) ?? seen);
        }

        TaskWrites.Append(unit, task, TaskEventKind.Status, TaskStage.Canceled, messageId: null, artifact: null, now);
        return told;
    }
}
