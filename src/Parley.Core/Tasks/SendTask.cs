using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;

namespace Parley.Core.Tasks;

/// <summary>What is to be done, or what is said of a task that is under way.</summary>
public sealed record SendTaskInput
{
    /// <summary>An agent by name or id, <c>channel:NAME</c>, <c>channel:PROJECT:NAME</c> or <c>meeting:NAME</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Makes a repeated call find the first one; 1–128 characters.</summary>
    public required string Key { get; init; }

    /// <summary>What the caller adds, as a JSON object, or null.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The task that it continues; null begins one.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>What it belongs to in the words of the caller, 1–128 characters; null is the conversation.</summary>
    public string? ContextId { get; init; }

    /// <summary>Whom to tell what becomes of it, stored with it; null for nobody.</summary>
    public TaskPush? Push { get; init; }

    /// <summary>How many answers of a channel complete it, 1–50.</summary>
    public int Answers { get; init; } = 1;
}

/// <summary>
/// Gives a task to an agent or a group, or says something of one that is under way. To a hosted agent that the caller may spawn it is a spawned session; everything else is a message under
/// the rules of every message. The task is stored in the same write.
/// </summary>
public sealed class SendTask(IDatabase database, SendMessage send, SpawnSession spawn, ISessionPolicy policy, TimeProvider time)
{
    private const int EarlierTasks = 5;

    /// <summary>
    /// Returns the task as it is then. Throws <c>not_found</c> for an unknown agent or task, <c>task_ended</c>, <c>key_reused</c>, and every refusal of a
    /// send or a spawn; then nothing was stored.
    /// </summary>
    public async Task<TaskView> RunAsync(Caller caller, SendTaskInput input, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Send);
        Check(input);
        var done = await database.WriteAsync(
            async unit =>
            {
                var target = await TaskTarget.FindAsync(unit, caller, input.Target);
                var written = input.TaskId is { } id ? await ContinueAsync(unit, caller, input, target, id) : await BeginAsync(unit, caller, input, target);
                if (input.Push is { } push)
                {
                    unit.Tasks.PutPush(push with { TaskId = written.Task.Id, Told = written.Task.Events });
                }

                return written with { View = await TaskReading.ViewAsync(unit, written.Task, target.Name) };
            },
            cancellationToken);
        if (done.Sent is { } sent)
        {
            send.Committed(sent);
        }

        return done.View!;
    }

    private static void Check(SendTaskInput input)
    {
        if (input.ContextId is { } context && (context.Length is 0 or > Limits.KeyLength || Draft.Unstorable(context)))
        {
            throw ParleyError.Invalid("context_id", "The context's id is empty or too long.", "Use the id of an earlier task's context, or leave it out.");
        }

        if (input.Answers is < 1 or > Limits.Recipients)
        {
            throw ParleyError.Invalid("answers", "The number of answers is out of bounds.", $"Use 1 to {Limits.Recipients}.");
        }
    }

    private async ValueTask<Written> BeginAsync(IUnitOfWork unit, Caller caller, SendTaskInput input, TaskTarget target) =>
        target.Agent is { } agent && await SpawnsAsync(unit, caller, agent) ? await SpawnAsync(unit, caller, input, agent) : await TellAsync(unit, caller, input, target);

    /// <summary>Whether the work is done in a session of its own: Parley runs the agent, and the caller may spawn it.</summary>
    private async ValueTask<bool> SpawnsAsync(IUnitOfWork unit, Caller caller, Agent agent)
    {
        if (await unit.Hosting.FindAsync(agent.OrganizationId, agent.Id) is null || await unit.Organizations.FindAsync(caller.OrganizationId) is not { } organization
            || !organization.Features.HasFlag(Features.Subagents))
        {
            return false;
        }

        return !caller.IsAgent || SpawnRules.MaySpawn(policy.Current, caller.Name, agent.Name);
    }

    private async ValueTask<Written> SpawnAsync(IUnitOfWork unit, Caller caller, SendTaskInput input, Agent agent)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var context = await EarlierAsync(unit, caller, agent, input.ContextId);
        var spawned = await spawn.WriteAsync(
            unit, caller, new SpawnInput { Agent = agent.Name, Task = input.Text, Key = input.Key },
            new SpawnOrigin { Context = context, Metadata = Metadata(id, input.Metadata) });
        var session = spawned.Receipt.Session;
        if (spawned.Task is not { } sent)
        {
            return new Written(await unit.Tasks.FindBySessionAsync(session.Id) ?? throw Reused(), Sent: null);
        }

        var task = Record(caller, input, id, TaskKind.Session, agent.Id, sent.Receipt.Message) with { SessionId = session.Id };
        TaskWrites.Begin(unit, task, task.CreatedAt);
        return new Written(await unit.Tasks.LockAsync(id) ?? task, sent);
    }

    private async ValueTask<Written> TellAsync(IUnitOfWork unit, Caller caller, SendTaskInput input, TaskTarget target)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var message = new SendInput { To = target.Address, Project = target.Project, Type = "request", Content = input.Text, Metadata = input.Metadata, Key = input.Key };
        // In a meeting what Parley says beside a message is its place in the chain.
        var sent = await send.WriteAsync(unit, caller, message, target.Kind == TaskKind.Meeting ? null : Metadata(id, given: null));
        if (sent.Receipt.Duplicate)
        {
            return new Written(await unit.Tasks.FindByMessageAsync(sent.Receipt.Message.Id) ?? throw Reused(), Sent: null);
        }

        var stage = sent.Receipt.Message.Verdict == Verdict.Held ? TaskStage.AuthRequired : target.Kind == TaskKind.Peer ? TaskStage.Submitted : TaskStage.Working;
        var task = Record(caller, input, id, target.Kind, target.Id, sent.Receipt.Message) with { Stage = stage };
        return new Written(TaskWrites.Begin(unit, task, task.CreatedAt), sent);
    }

    private async ValueTask<Written> ContinueAsync(IUnitOfWork unit, Caller caller, SendTaskInput input, TaskTarget target, Guid id)
    {
        var found = await TaskReading.OwnAsync(unit, caller, target, id);
        if (found.Kind == TaskKind.Meeting)
        {
            throw new ParleyError(ErrorCode.NotSupported, "What is said in a meeting begins a chain of its own.", "Send it without the task's id, in the same context.");
        }

        if (input.ContextId is { } context && context != found.ContextId)
        {
            throw ParleyError.Invalid("context_id", "The task belongs to another context.", "Send the task's own context id, or leave it out.");
        }

        var last = (await unit.Tasks.EventsAsync(id, after: 0)).FindLast(said => said is { Kind: TaskEventKind.Status, MessageId: not null })?.MessageId;
        var message = found.Kind == TaskKind.Session
            ? new SendInput { To = SessionRoutes.Address + found.SessionId, Type = "coordination", Content = input.Text, Key = input.Key }
            : new SendInput { To = target.Address, Project = target.Project, Type = "request", Content = input.Text, Metadata = input.Metadata, Key = input.Key, ReplyTo = last };
        if (found.Ended && await unit.Messages.FindByKeyAsync(caller.Id, input.Key) is null)
        {
            throw FollowTasks.Ended(found);
        }

        var sent = await send.WriteAsync(unit, caller, message, Metadata(id, given: null));
        var task = await unit.Tasks.LockAsync(id) ?? throw TaskTarget.NoTask();
        if (sent.Receipt.Duplicate)
        {
            return new Written(task, Sent: null);
        }

        if (task.Ended)
        {
            throw FollowTasks.Ended(task);
        }

        if (found.Kind != TaskKind.Session)
        {
            var stage = sent.Receipt.Message.Verdict == Verdict.Held ? TaskStage.AuthRequired : TaskRules.Continued(task.Stage);
            task = TaskWrites.Append(unit, task, TaskEventKind.Said, stage, sent.Receipt.Message.Id, artifact: null, time.GetUtcNow());
        }

        return new Written(task, sent);
    }

    /// <summary>What was said in earlier tasks of the same context: a session knows nothing else of them.</summary>
    private static async ValueTask<List<Guid>> EarlierAsync(IUnitOfWork unit, Caller caller, Agent agent, string? context)
    {
        var said = new List<Guid>();
        if (context is not null)
        {
            var (tasks, _) = await unit.Tasks.ListAsync(new TaskQuery(caller.OrganizationId, caller.Id, agent.Id, context, Limit: EarlierTasks));
            foreach (var task in tasks.OrderBy(task => task.CreatedAt))
            {
                said.AddRange((await unit.Tasks.EventsAsync(task.Id, after: 0)).Select(made => made.MessageId).OfType<Guid>().Distinct());
            }
        }

        return said;
    }

    private static JsonObject Metadata(Guid id, JsonElement? given)
    {
        var all = given is { ValueKind: JsonValueKind.Object } own ? JsonObject.Create(own)! : [];
        all[TaskRules.Field] = new JsonObject { ["id"] = id.ToString() };
        return all;
    }

    private static TaskRecord Record(Caller caller, SendTaskInput input, Guid id, TaskKind kind, Guid targetId, Message message) => new()
    {
        Id = id,
        OrganizationId = caller.OrganizationId,
        Kind = kind,
        TargetId = targetId,
        OwnerKind = caller.Kind,
        OwnerId = caller.Id,
        ContextId = input.ContextId ?? message.ConversationId.ToString(),
        ConversationId = message.ConversationId,
        MessageId = message.Id,
        RootId = message.RootId,
        Answers = input.Answers,
        CreatedAt = message.CreatedAt,
        UpdatedAt = message.CreatedAt,
    };

    private static ParleyError Reused() => new(ErrorCode.KeyReused, "The key was used before for something that is no task.", "Use a new key for a new task.");

    /// <summary>What a write made, and whom to wake after its commit.</summary>
    private sealed record Written(TaskRecord Task, Sent? Sent)
    {
        public TaskView? View { get; init; }
    }
}
