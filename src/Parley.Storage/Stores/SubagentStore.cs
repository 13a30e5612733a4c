using System.Text.Json;
using Parley.Core;
using Parley.Core.Budgets;
using Parley.Core.Sessions;
using Parley.Core.Turns;

namespace Parley.Storage.Stores;

internal sealed class SubagentStore(Session session, bool writing) : ISubagentStore
{
    /// <summary>Any number will do that no other lock of the database has.</summary>
    private const long QueueLock = 7275_0006;

    private const string Columns =
        """
        x.session_id, x.organization_id, x.key, x.agent_id, a.name, x.conversation_id, x.parent_kind, x.parent_id, x.parent_name, x.parent_session_id, x.parent_turn_id,
        x.asked_by_id, x.level, x.root_id, x.label, x.task, x.model, x.fork, x.result_schema, x.timeout, x.max_tokens, x.max_cost, x.outlive, x.announce, x.state, x.reason,
        x.warnings, x.result_id, x.created_at, x.started_at, x.ended_at, x.depth
        """;

    private const int Count = 32;

    private const string From = "subagents x join agents a on a.id = x.agent_id";

    private const string Use =
        """
        (select cast(coalesce(sum(t.input_tokens), 0) as bigint) from turns t where t.session_id = x.session_id),
        (select cast(coalesce(sum(t.cached_tokens), 0) as bigint) from turns t where t.session_id = x.session_id),
        (select cast(coalesce(sum(t.output_tokens), 0) as bigint) from turns t where t.session_id = x.session_id),
        (select cast(coalesce(sum(t.cost), 0) as bigint) from turns t where t.session_id = x.session_id),
        (select count(*) from turns t where t.session_id = x.session_id),
        (select max(p.at) from turns t join turn_steps p on p.turn_id = t.id where t.session_id = x.session_id)
        """;

    public async ValueTask LockQueueAsync()
    {
        if (session.Dialect.IsPostgres)
        {
            await session.FirstAsync("select pg_advisory_xact_lock($1)::text", row => row.TextOrNull(0), QueueLock);
        }
    }

    public void Add(Subagent added, IReadOnlyList<Guid> context) => session.Queue(
        """
        insert into subagents (session_id, organization_id, key, agent_id, conversation_id, parent_kind, parent_id, parent_name, parent_session_id, parent_turn_id, asked_by_id,
            level, root_id, label, task, model, fork, context, result_schema, timeout, max_tokens, max_cost, outlive, announce, state, reason, warnings, created_at, started_at,
            deadline, depth)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
        """,
        added.Id, added.OrganizationId, added.Key, added.AgentId, added.ConversationId, Names<CallerKind>.Of(added.ParentKind), added.ParentId, added.ParentName,
        added.ParentSessionId, added.ParentTurnId, added.AskedById, added.Level, added.RootId, added.Label, added.Task, added.Model, added.Fork,
        context.Count == 0 ? null : JsonSerializer.Serialize(context), added.Schema, added.Timeout.Ticks / TimeSpan.TicksPerMicrosecond, added.Ceiling.Tokens,
        added.Ceiling.Cost, added.Outlive, added.Announce, Names<SubagentState>.Of(added.State), added.Reason, JsonSerializer.Serialize(added.Warnings), added.CreatedAt,
        added.StartedAt, added.Deadline, added.Depth);

    public void Save(Subagent changed) => session.Queue(
        """
        update subagents set parent_session_id = $2, state = $3, reason = $4, warnings = $5, result_id = $6, started_at = $7, deadline = $8, ended_at = $9, root_id = $10, depth = $11
        where session_id = $1
        """,
        changed.Id, changed.ParentSessionId, Names<SubagentState>.Of(changed.State), changed.Reason, JsonSerializer.Serialize(changed.Warnings), changed.ResultId,
        changed.StartedAt, changed.Deadline, changed.EndedAt, changed.RootId, changed.Depth);

    public ValueTask<Subagent?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} from {From} where x.session_id = $1 and x.organization_id = $2{Lock}", SubagentOf, id, organizationId);

    public ValueTask<Subagent?> FindByKeyAsync(Guid organizationId, string key) =>
        session.FirstAsync($"select {Columns} from {From} where x.organization_id = $1 and x.key = $2", SubagentOf, organizationId, key);

    public ValueTask<Subagent?> FindInAsync(Guid organizationId, Guid conversationId) =>
        session.FirstAsync($"select {Columns} from {From} where x.conversation_id = $1 and x.organization_id = $2", SubagentOf, conversationId, organizationId);

    public ValueTask<Subagent?> FindLabelAsync(Guid organizationId, Guid? parentId, string label) => session.FirstAsync(
        $"""
        select {Columns} from {From} where x.organization_id = $1 and x.label = $2{(parentId is null ? "" : " and x.parent_id = $3")}
        order by case when x.ended_at is null then 0 else 1 end, x.created_at desc limit 1
        """,
        SubagentOf, parentId is { } parent ? [organizationId, label, parent] : [organizationId, label]);

    public ValueTask<List<SubagentStatus>> ListAsync(SubagentQuery query)
    {
        var args = new List<object?> { query.OrganizationId, query.Limit };
        var where = "x.organization_id = $1";
        void Only(string condition, object value)
        {
            args.Add(value);
            where += " and " + condition.Replace("?", $"${args.Count}", StringComparison.Ordinal);
        }

        if (query.AgentId is { } agent)
        {
            Only("(x.agent_id = ? or x.parent_id = ?)", agent);
        }

        if (query.ParentSessionId is { } parent)
        {
            Only("x.parent_session_id = ?", parent);
        }

        if (query.RootId is { } root)
        {
            Only("x.root_id = ?", root);
        }

        if (query.Id is { } id)
        {
            Only("x.session_id = ?", id);
        }

        return session.ListAsync(
            $"select {Columns}, {Use} from {From} where {where}{(query.Open ? " and x.ended_at is null" : "")} order by x.created_at desc, x.session_id desc limit $2",
            row => new SubagentStatus(SubagentOf(row), UseOf(row, Count)), [.. args]);
    }

    public ValueTask<List<Subagent>> ChildrenAsync(Guid parentSessionId) => session.ListAsync(
        $"select {Columns} from {From} where x.parent_session_id = $1 and x.ended_at is null order by x.created_at, x.session_id{Lock}", SubagentOf, parentSessionId);

    public async ValueTask<int> CountOpenAsync(Guid parentId) =>
        await session.FirstAsync("select count(*) from subagents where parent_id = $1 and ended_at is null", row => row.Int(0), parentId);

    public async ValueTask<Dictionary<Guid, int>> RunningAsync() => (await session.ListAsync(
        "select parent_id, count(*) from subagents where state = 'running' and ended_at is null group by parent_id", row => (Id: row.Guid(0), Count: row.Int(1)))).ToDictionary(pair => pair.Id, pair => pair.Count);

    public ValueTask<List<QueuedSession>> QueuedAsync(int limit) => session.ListAsync(
        "select organization_id, session_id, parent_id, created_at from subagents where state = 'queued' and ended_at is null order by created_at, session_id limit $1",
        row => new QueuedSession(row.Guid(0), row.Guid(1), row.Guid(2), row.Time(3)), limit);

    public ValueTask<List<(Subagent Session, bool Approved)>> DecidedAsync(int limit) => session.ListAsync(
        $"""
        select {Columns}, case when m.withheld = 'no' then 1 else 0 end from {From} join messages m on m.conversation_id = x.conversation_id and m.number = 1
        where x.state = 'held' and x.ended_at is null and m.withheld <> 'held' order by x.created_at limit $1
        """,
        row => (SubagentOf(row), row.Bool(Count)), limit);

    public ValueTask<List<Subagent>> OverdueAsync(DateTimeOffset now, DateTimeOffset quietSince, int limit) => session.ListAsync(
        $"""
        select {Columns} from {From} where x.state = 'running' and x.ended_at is null and (x.deadline <= $1 or (x.started_at <= $2
            and not exists (select 1 from turns t where t.session_id = x.session_id and (t.created_at > $2
                or exists (select 1 from turn_steps p where p.turn_id = t.id and p.at > $2)))
            and not exists (select 1 from subagents y where y.parent_session_id = x.session_id and y.ended_at is null)))
        order by x.deadline limit $3
        """,
        SubagentOf, now, quietSince, limit);

    public async ValueTask<SessionUse> UseAsync(Guid id) =>
        await session.FirstAsync($"select {Use} from subagents x where x.session_id = $1", row => UseOf(row, 0), id) ?? new SessionUse(default, 0, 0, null);

    public async ValueTask<IReadOnlyList<Guid>> ContextAsync(Guid id) =>
        await session.FirstAsync("select context from subagents where session_id = $1", row => row.TextOrNull(0), id) is { } ids ? JsonSerializer.Deserialize<Guid[]>(ids)! : [];

    public async ValueTask<SessionFigures> FiguresAsync(Guid organizationId, DateTimeOffset since) => (await session.FirstAsync(
        """
        select count(*), cast(coalesce(sum(case when ended_at is null then 1 else 0 end), 0) as bigint), cast(coalesce(sum(case when state = 'running' then 1 else 0 end), 0) as bigint),
            cast(coalesce(sum(case when state = 'completed' then 1 else 0 end), 0) as bigint), cast(coalesce(sum(case when state = 'failed' then 1 else 0 end), 0) as bigint),
            cast(coalesce(sum(case when state = 'killed' then 1 else 0 end), 0) as bigint), cast(coalesce(sum(case when state = 'timedout' then 1 else 0 end), 0) as bigint),
            cast(coalesce(sum(case when result_id is not null then 1 else 0 end), 0) as bigint),
            cast(coalesce(avg(case when state = 'completed' then ended_at - started_at end), 0) as bigint),
            cast(coalesce((select sum(t.cost) from turns t join subagents s on s.session_id = t.session_id where s.organization_id = $1 and s.created_at >= $2), 0) as bigint)
        from subagents where organization_id = $1 and created_at >= $2
        """,
        row => new SessionFigures(
            row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.Int(7), row.Long(8) / 1_000_000.0, row.Long(9)),
        organizationId, since))!;

    private string Lock => writing && session.Dialect.IsPostgres ? " for update of x" : "";

    private static SessionUse UseOf(Row row, int first) => new(
        new Usage(row.Long(first), row.Long(first + 1), row.Long(first + 2)), row.Long(first + 3), row.Int(first + 4), row.TimeOrNull(first + 5));

    private static Subagent SubagentOf(Row row) => new()
    {
        Id = row.Guid(0),
        OrganizationId = row.Guid(1),
        Key = row.Text(2),
        AgentId = row.Guid(3),
        AgentName = row.Text(4),
        ConversationId = row.Guid(5),
        ParentKind = Names<CallerKind>.Parse(row.Text(6)),
        ParentId = row.Guid(7),
        ParentName = row.Text(8),
        ParentSessionId = row.GuidOrNull(9),
        ParentTurnId = row.GuidOrNull(10),
        AskedById = row.GuidOrNull(11),
        Level = row.Int(12),
        RootId = row.Guid(13),
        Label = row.TextOrNull(14),
        Task = row.Text(15),
        Model = row.Text(16),
        Fork = row.Bool(17),
        Schema = row.TextOrNull(18),
        Timeout = TimeSpan.FromMicroseconds(row.Long(19)),
        Ceiling = new Ceiling(row.LongOrNull(20), row.LongOrNull(21)),
        Outlive = row.Bool(22),
        Announce = row.TextOrNull(23),
        State = Names<SubagentState>.Parse(row.Text(24)),
        Reason = row.TextOrNull(25),
        Warnings = JsonSerializer.Deserialize<string[]>(row.Text(26)) ?? [],
        ResultId = row.GuidOrNull(27),
        CreatedAt = row.Time(28),
        StartedAt = row.TimeOrNull(29),
        EndedAt = row.TimeOrNull(30),
        Depth = row.Int(31),
    };
}
