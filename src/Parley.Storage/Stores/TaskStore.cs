using Parley.Core;
using Parley.Core.Tasks;

namespace Parley.Storage.Stores;

internal sealed class TaskStore(Session session, bool writing) : ITaskStore
{
    /// <summary>Of a session that has not ended, how far it is says the session itself; a question that waits stays one.</summary>
    private const string Stage =
        "case when t.stage <> 'submitted' or x.state is null then t.stage when x.state = 'held' then 'authrequired' when x.state = 'running' then 'working' else t.stage end";

    private const string Columns =
        $"""
        t.id, t.organization_id, t.kind, t.target_id, t.owner_kind, t.owner_id, t.context_id, t.conversation_id, t.message_id, t.root_id, t.session_id, {Stage}, t.answers, t.events,
        t.created_at, t.updated_at, t.ended_at
        """;

    private const string PushColumns = "p.task_id, p.id, p.url, p.token, p.authorization_header, p.told, p.attempts, p.next_at, p.fence";

    private const string From = "tasks t left join subagents x on x.session_id = t.session_id";

    public void Add(TaskRecord task) => session.Queue(
        """
        insert into tasks (id, organization_id, kind, target_id, owner_kind, owner_id, context_id, conversation_id, message_id, root_id, session_id, stage, answers, events, created_at, updated_at, ended_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        task.Id, task.OrganizationId, Names<TaskKind>.Of(task.Kind), task.TargetId, Names<CallerKind>.Of(task.OwnerKind), task.OwnerId, task.ContextId, task.ConversationId, task.MessageId,
        task.RootId, task.SessionId, Names<TaskStage>.Of(task.Stage), task.Answers, task.Events, task.CreatedAt, task.UpdatedAt, task.EndedAt);

    public void Append(TaskRecord changed, TaskEvent appended)
    {
        session.Queue(
            "insert into task_events (task_id, number, kind, stage, message_id, artifact, at) values ($1, $2, $3, $4, $5, $6, $7)",
            appended.TaskId, appended.Number, Names<TaskEventKind>.Of(appended.Kind), Names<TaskStage>.Of(appended.Stage), appended.MessageId, appended.Artifact, appended.At);
        session.Queue(
            "update tasks set stage = $2, events = $3, updated_at = $4, ended_at = $5 where id = $1",
            changed.Id, Names<TaskStage>.Of(changed.Stage), changed.Events, changed.UpdatedAt, changed.EndedAt);
    }

    public ValueTask<TaskRecord?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} from {From} where t.id = $1 and t.organization_id = $2", TaskOf, id, organizationId);

    public ValueTask<TaskRecord?> LockAsync(Guid id) =>
        session.FirstAsync($"select {Columns} from {From} where t.id = $1{(writing && session.Dialect.IsPostgres ? " for update of t" : "")}", TaskOf, id);

    public ValueTask<TaskRecord?> FindByMessageAsync(Guid messageId) =>
        session.FirstAsync($"select {Columns} from task_events e join tasks t on t.id = e.task_id left join subagents x on x.session_id = t.session_id where e.message_id = $1 limit 1", TaskOf, messageId);

    public ValueTask<TaskRecord?> FindBySessionAsync(Guid sessionId) => session.FirstAsync($"select {Columns} from {From} where t.session_id = $1", TaskOf, sessionId);

    public ValueTask<List<TaskRecord>> OpenAsync(Guid conversationId) =>
        session.ListAsync($"select {Columns} from {From} where t.conversation_id = $1 and t.ended_at is null order by t.created_at, t.id", TaskOf, conversationId);

    public ValueTask<List<TaskRecord>> OpenInMeetingsAsync(Guid after, int limit) => session.ListAsync(
        $"select {Columns} from {From} where t.ended_at is null and t.kind = $1 and t.id > $2 order by t.id limit $3", TaskOf, Names<TaskKind>.Of(TaskKind.Meeting), after, limit);

    public ValueTask<List<TaskRecord>> OfDeadLettersAsync(DateTimeOffset since, int limit) => session.ListAsync(
        $"""
        select {Columns} from {From} where t.ended_at is null and t.kind = $1 and t.id in (
            select e.task_id from deliveries d join task_events e on e.message_id = d.message_id and e.kind = $2 join tasks g on g.id = e.task_id and g.target_id = d.agent_id
            where d.state = 'dead' and d.ended_at >= $3)
        order by t.id limit $4
        """,
        TaskOf, Names<TaskKind>.Of(TaskKind.Peer), Names<TaskEventKind>.Of(TaskEventKind.Said), since, limit);

    public ValueTask<List<TaskRecord>> OfRemovedAsync(int limit) => session.ListAsync(
        $"select {Columns} from {From} join agents a on a.id = t.target_id where t.ended_at is null and t.kind = $1 and a.removed_at is not null order by t.id limit $2",
        TaskOf, Names<TaskKind>.Of(TaskKind.Peer), limit);

    public ValueTask<List<TaskEvent>> EventsAsync(Guid taskId, long after) => session.ListAsync(
        "select task_id, number, kind, stage, message_id, artifact, at from task_events where task_id = $1 and number > $2 order by number",
        row => new TaskEvent(row.Guid(0), row.Long(1), Names<TaskEventKind>.Parse(row.Text(2)), Names<TaskStage>.Parse(row.Text(3)), row.GuidOrNull(4), row.TextOrNull(5), row.Time(6)), taskId, after);

    public async ValueTask<(List<TaskRecord> Tasks, int Total)> ListAsync(TaskQuery query)
    {
        var args = new List<object?> { query.OrganizationId, query.OwnerId, query.TargetId };
        var where = "t.organization_id = $1 and t.owner_id = $2 and t.target_id = $3";
        void Only(string condition, params object[] values)
        {
            foreach (var value in values)
            {
                args.Add(value);
                var at = condition.IndexOf('?', StringComparison.Ordinal);
                condition = $"{condition[..at]}${args.Count}{condition[(at + 1)..]}";
            }

            where += " and " + condition;
        }

        if (query.ContextId is { } context)
        {
            Only("t.context_id = ?", context);
        }

        if (query.Stage is { } stage)
        {
            Only($"{Stage} = ?", Names<TaskStage>.Of(stage));
        }

        if (query.Since is { } since)
        {
            Only("t.updated_at >= ?", since);
        }

        var total = await session.FirstAsync($"select count(*) from {From} where {where}", row => row.Int(0), [.. args]);
        if (query.Before is { } before)
        {
            Only("(t.updated_at < ? or (t.updated_at = ? and t.id < ?))", before.UpdatedAt, before.UpdatedAt, before.Id);
        }

        args.Add(query.Limit);
        return (await session.ListAsync($"select {Columns} from {From} where {where} order by t.updated_at desc, t.id desc limit ${args.Count}", TaskOf, [.. args]), total);
    }

    public void PutPush(TaskPush push)
    {
        RemovePush(push.TaskId, push.Id);
        session.Queue(
            "insert into task_pushes (task_id, id, url, token, authorization_header, told, attempts, next_at, fence) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            push.TaskId, push.Id, push.Url, push.Token, push.Authorization, push.Told, push.Attempts, push.NextAt, push.Fence);
    }

    public void RemovePush(Guid taskId, string id) => session.Queue("delete from task_pushes where task_id = $1 and id = $2", taskId, id);

    public ValueTask<List<TaskPush>> PushesAsync(Guid taskId) => session.ListAsync($"select {PushColumns} from task_pushes p where p.task_id = $1 order by p.id", PushOf, taskId);

    public ValueTask<List<TaskPush>> DuePushesAsync(DateTimeOffset now, int limit) => session.ListAsync(
        $"select {PushColumns} from task_pushes p join tasks t on t.id = p.task_id where p.next_at <= $1 and p.told < t.events order by p.next_at limit $2", PushOf, now, limit);

    public async ValueTask<bool> ClaimPushAsync(TaskPush claimed) =>
        await session.ExecuteAsync("update task_pushes set next_at = $3, fence = $4 where task_id = $1 and id = $2 and fence = $5", claimed.TaskId, claimed.Id, claimed.NextAt, claimed.Fence, claimed.Fence - 1) == 1;

    public async ValueTask<bool> SavePushAsync(TaskPush push) => await session.ExecuteAsync(
        "update task_pushes set told = $3, attempts = $4, next_at = $5 where task_id = $1 and id = $2 and fence = $6", push.TaskId, push.Id, push.Told, push.Attempts, push.NextAt, push.Fence) == 1;

    public async ValueTask<int> PruneAsync(DateTimeOffset before, int limit)
    {
        var ended = await session.ListAsync("select id from tasks where ended_at < $1 order by ended_at limit $2", row => row.Guid(0), before, limit);
        foreach (var id in ended)
        {
            session.Queue("delete from task_pushes where task_id = $1", id);
            session.Queue("delete from task_events where task_id = $1", id);
            session.Queue("delete from tasks where id = $1", id);
        }

        return ended.Count;
    }

    private static TaskPush PushOf(Row row) => new()
    {
        TaskId = row.Guid(0), Id = row.Text(1), Url = row.Text(2), Token = row.Text(3), Authorization = row.TextOrNull(4), Told = row.Long(5), Attempts = row.Int(6), NextAt = row.TimeOrNull(7), Fence = row.Long(8),
    };

    private static TaskRecord TaskOf(Row row) => new()
    {
        Id = row.Guid(0),
        OrganizationId = row.Guid(1),
        Kind = Names<TaskKind>.Parse(row.Text(2)),
        TargetId = row.Guid(3),
        OwnerKind = Names<CallerKind>.Parse(row.Text(4)),
        OwnerId = row.Guid(5),
        ContextId = row.Text(6),
        ConversationId = row.Guid(7),
        MessageId = row.Guid(8),
        RootId = row.Guid(9),
        SessionId = row.GuidOrNull(10),
        Stage = Names<TaskStage>.Parse(row.Text(11)),
        Answers = row.Int(12),
        Events = row.Long(13),
        CreatedAt = row.Time(14),
        UpdatedAt = row.Time(15),
        EndedAt = row.TimeOrNull(16),
    };
}
