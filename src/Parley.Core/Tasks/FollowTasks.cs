using System.Text.Json.Nodes;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Sessions;

namespace Parley.Core.Tasks;

/// <summary>
/// What becomes of tasks by what is said: agents answer with ordinary messages, whatever the door, and the task's events are written in the same transaction.
/// </summary>
public sealed class FollowTasks : IMessageFollower, ISessionFollower
{
    /// <inheritdoc/>
    public async ValueTask CheckAsync(IUnitOfWork unit, Caller caller, Draft draft, Guid conversationId)
    {
        if (TaskNote.IdOf(draft.Metadata) is not { } id || await unit.Tasks.FindAsync(caller.OrganizationId, id) is not { } task || !IsAnswer(task, conversationId, caller.Id))
        {
            return;
        }

        if (task.Ended)
        {
            throw Ended(task);
        }

        TaskNote.Of(draft.Metadata);
    }

    /// <inheritdoc/>
    public async ValueTask SaidAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        switch (message.ConversationKind)
        {
            case ConversationKind.Session:
                await InSessionAsync(unit, message, now);
                break;
            case ConversationKind.Meeting:
                await InMeetingAsync(unit, message, now);
                break;
            case ConversationKind.Direct or ConversationKind.Channel:
                await InTalkAsync(unit, message, now);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public async ValueTask RefusedAsync(IUnitOfWork unit, Message message, string reason, DateTimeOffset now)
    {
        if (await unit.Tasks.FindByMessageAsync(message.Id) is { Kind: not TaskKind.Session } found && found.OwnerId == message.SenderId && await LockedAsync(unit, found.Id) is { } task)
        {
            TaskWrites.Append(unit, task, TaskEventKind.Status, TaskStage.Rejected, messageId: null, artifact: null, now);
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndedAsync(IUnitOfWork unit, Subagent session, Guid resultId, DateTimeOffset now)
    {
        if (await unit.Tasks.FindBySessionAsync(session.Id) is not { } found || await LockedAsync(unit, found.Id) is not { } task)
        {
            return;
        }

        var end = TaskRules.EndOf(session.State);
        if (end == TaskStage.Completed)
        {
            task = TaskWrites.Append(unit, task, TaskEventKind.Artifact, TaskStage.Working, resultId, artifact: null, now);
        }

        TaskWrites.Append(unit, task, TaskEventKind.Status, end, end == TaskStage.Completed ? null : resultId, artifact: null, now);
    }

    internal static ParleyError Ended(TaskRecord task) =>
        new(ErrorCode.TaskEnded, $"The task has ended ({TaskRules.NameOf(task.Stage)}).", "Say it in a message without the task, or let its owner begin a new one.");

    /// <summary>A question of the agent at work waits for its owner; whatever is said to it goes on.</summary>
    private static async ValueTask InSessionAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        if (await unit.Tasks.OpenAsync(message.ConversationId) is not [var found] || await LockedAsync(unit, found.Id) is not { } task)
        {
            return;
        }

        if (message.SessionId == task.SessionId)
        {
            TaskWrites.Append(unit, task, TaskEventKind.Status, message.Type == MessageType.Request ? TaskStage.InputRequired : task.Stage, message.Id, artifact: null, now);
        }
        else
        {
            TaskWrites.Append(unit, task, TaskEventKind.Said, TaskRules.Continued(task.Stage), message.Id, artifact: null, now);
        }
    }

    /// <summary>Whatever is said below the message that gave the task belongs to its answer.</summary>
    private static async ValueTask InMeetingAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        foreach (var found in await unit.Tasks.OpenAsync(message.ConversationId))
        {
            if (found.RootId != message.RootId || await LockedAsync(unit, found.Id) is not { } task)
            {
                continue;
            }

            if (message.Id == task.MessageId)
            {
                TaskWrites.Append(unit, task, TaskEventKind.Status, TaskStage.Working, messageId: null, artifact: null, now);
            }
            else
            {
                TaskWrites.Append(unit, task, message.SenderId == task.OwnerId ? TaskEventKind.Said : TaskEventKind.Artifact, TaskStage.Working, message.Id, ByName(message), now);
            }
        }
    }

    private static async ValueTask InTalkAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        var named = TaskNote.IdOf(message.Metadata) is { } id ? await unit.Tasks.FindAsync(message.OrganizationId, id) : null;
        var found = named ?? (message.ParentId is { } parent && message.SenderKind == CallerKind.Agent ? await unit.Tasks.FindByMessageAsync(parent) : null);
        if (found is null || !IsAnswer(found, message.ConversationId, message.SenderId))
        {
            await AskedAsync(unit, message, now);
            return;
        }

        // Locked in the order of the ids: whoever needs several takes them so.
        var others = found.Kind == TaskKind.Peer && message.SessionId is not null && named is null ? await EarlierAsync(unit, found) : [];
        foreach (var one in others.Append(found).OrderBy(task => task.Id))
        {
            if (await LockedAsync(unit, one.Id) is { } task)
            {
                Apply(unit, task, message, named is null ? null : TaskNote.Of(message.Metadata), await MadeAsync(unit, task, named is not null), now);
            }
        }
    }

    /// <summary>The message that gave a task, or continues it, was let go by a person or the credits.</summary>
    private static async ValueTask AskedAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        if (message.Verdict != Verdict.Accepted && await unit.Tasks.FindByMessageAsync(message.Id) is { } found && found.OwnerId == message.SenderId
            && await LockedAsync(unit, found.Id) is { Stage: TaskStage.AuthRequired } task)
        {
            TaskWrites.Append(unit, task, TaskEventKind.Status, task.Kind == TaskKind.Channel ? TaskStage.Working : TaskStage.Submitted, messageId: null, artifact: null, now);
        }
    }

    /// <summary>A turn has one answer for all that it was asked at once.</summary>
    private static async ValueTask<List<TaskRecord>> EarlierAsync(IUnitOfWork unit, TaskRecord answered) =>
        (await unit.Tasks.OpenAsync(answered.ConversationId)).FindAll(task => task.Kind == TaskKind.Peer && task.OwnerId == answered.OwnerId && task.CreatedAt < answered.CreatedAt);

    /// <summary>How much was made already, where that matters.</summary>
    private static async ValueTask<int> MadeAsync(IUnitOfWork unit, TaskRecord task, bool noted) =>
        (task.Kind == TaskKind.Channel ? task.Answers > 1 : noted) ? (await unit.Tasks.EventsAsync(task.Id, after: 0)).Count(made => made.Kind == TaskEventKind.Artifact) : 0;

    private static void Apply(IUnitOfWork unit, TaskRecord task, Message message, TaskNote? note, int made, DateTimeOffset now)
    {
        if (task.Kind == TaskKind.Channel && note is not { Stage: not (null or TaskStage.Completed) })
        {
            task = TaskWrites.Append(unit, task, TaskEventKind.Artifact, TaskStage.Working, message.Id, note?.Artifact ?? ByName(message), now);
            if (made + 1 >= task.Answers)
            {
                TaskWrites.Append(unit, task, TaskEventKind.Status, TaskStage.Completed, messageId: null, artifact: null, now);
            }
        }
        else if (note is null or { Stage: null, Artifact: null } || (note is { Stage: TaskStage.Completed, Artifact: null } && made == 0))
        {
            TaskWrites.Answer(unit, task, message, now);
        }
        else
        {
            Note(unit, task, message, note, now);
        }
    }

    private static void Note(IUnitOfWork unit, TaskRecord task, Message message, TaskNote note, DateTimeOffset now)
    {
        if (note.Artifact is { } artifact)
        {
            task = TaskWrites.Append(unit, task, TaskEventKind.Artifact, TaskStage.Working, message.Id, artifact, now);
        }

        if (note.Stage is { } stage)
        {
            TaskWrites.Append(unit, task, TaskEventKind.Status, stage, message.Id, artifact: null, now);
        }
    }

    /// <summary>Whether what that sender says there is said by who does the task.</summary>
    private static bool IsAnswer(TaskRecord task, Guid conversationId, Guid senderId) => task.ConversationId == conversationId
        && (task.Kind == TaskKind.Peer ? task.TargetId == senderId : task.Kind == TaskKind.Channel && task.OwnerId != senderId);

    private static async ValueTask<TaskRecord?> LockedAsync(IUnitOfWork unit, Guid id) => await unit.Tasks.LockAsync(id) is { Ended: false } task ? task : null;

    /// <summary>In a group every word is an artifact of its own, under the name of who said it.</summary>
    private static string ByName(Message message) => new JsonObject { ["id"] = message.Id.ToString(), ["name"] = message.SenderName, ["last"] = true }.ToJsonString();
}
