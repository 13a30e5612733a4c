using Parley.Core.Remotes;

namespace Parley.Storage.Stores;

internal sealed class RemoteStore(Session session, bool writing) : IRemoteStore
{
    private const string Columns =
        "r.agent_id, r.organization_id, a.name, r.card_url, r.url, r.binding, r.version, r.tenant, r.card_name, r.description, r.credential, r.token_variable, r.created_at, r.refreshed_at";

    private const string From = "remote_agents r join agents a on a.id = r.agent_id and a.removed_at is null";

    public void Add(RemoteAgent remote) => session.Queue(
        """
        insert into remote_agents (agent_id, organization_id, card_url, url, binding, version, tenant, card_name, description, credential, token_variable, created_at, refreshed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        remote.AgentId, remote.OrganizationId, remote.CardUrl, remote.Interface.Url, Names<RemoteBinding>.Of(remote.Interface.Binding), remote.Interface.Version, remote.Interface.Tenant, remote.CardName,
        remote.Description, remote.Credential, remote.TokenVariable, remote.CreatedAt, remote.RefreshedAt);

    public void Update(RemoteAgent remote) => session.Queue(
        "update remote_agents set card_url = $2, url = $3, binding = $4, version = $5, tenant = $6, card_name = $7, description = $8, refreshed_at = $9 where agent_id = $1",
        remote.AgentId, remote.CardUrl, remote.Interface.Url, Names<RemoteBinding>.Of(remote.Interface.Binding), remote.Interface.Version, remote.Interface.Tenant, remote.CardName, remote.Description,
        remote.RefreshedAt);

    public ValueTask<RemoteAgent?> FindAsync(Guid agentId) =>
        session.FirstAsync($"select {Columns} from {From} where r.agent_id = $1{(writing && session.Dialect.IsPostgres ? " for update of r" : "")}", Remote, agentId);

    public ValueTask<List<RemoteAgent>> ListAsync(Guid organizationId, int limit) =>
        session.ListAsync($"select {Columns} from {From} where r.organization_id = $1 order by a.name limit $2", Remote, organizationId, limit);

    public ValueTask<List<DueRemote>> DueAsync(DateTimeOffset now, int limit) => session.ListAsync(
        $"""
        select r.agent_id, r.credential from {From} join inboxes i on i.agent_id = r.agent_id left join remote_calls c on c.agent_id = r.agent_id
        where r.lease_until <= {session.Dialect.Now} and case when c.agent_id is not null then c.next_at <= $1 else i.head > i.cursor end
            and not exists (select 1 from hosted_agents g where g.agent_id = r.agent_id)
            and not exists (select 1 from halts h
                where (h.scope = 'agent' and h.target_id = r.agent_id) or (h.scope = 'organization' and h.target_id = r.organization_id) or h.scope = 'server')
        order by c.next_at, r.agent_id limit $2
        """,
        row => new DueRemote(row.Guid(0), row.TextOrNull(1)), now, limit);

    public ValueTask<List<Guid>> WatchedAsync() => session.ListAsync($"select r.agent_id from {From}", row => row.Guid(0));

    public async ValueTask<long?> ClaimAsync(Guid agentId, TimeSpan time)
    {
        var claimed = await session.ExecuteAsync(
            $"update remote_agents set lease_until = {session.Dialect.Now} + $2, fence = fence + 1 where agent_id = $1 and lease_until <= {session.Dialect.Now}", agentId, time.Ticks / TimeSpan.TicksPerMicrosecond);
        return claimed == 1 ? await session.FirstAsync("select fence from remote_agents where agent_id = $1", row => row.Long(0), agentId) : null;
    }

    public async ValueTask<bool> HoldAsync(Guid agentId, long fence) => await session.FirstAsync(
        $"select 1 from remote_agents where agent_id = $1 and fence = $2{(writing ? session.Dialect.ForUpdate : "")}", row => row.Long(0), agentId, fence) == 1;

    public void Release(Guid agentId, long fence) => session.Queue("update remote_agents set lease_until = 0 where agent_id = $1 and fence = $2", agentId, fence);

    public ValueTask<int> DropLeasesAsync() => session.ExecuteAsync("update remote_agents set lease_until = 0, fence = fence + 1 where lease_until > 0");

    public async ValueTask<long> CursorAsync(Guid agentId) => await session.FirstAsync("select cursor from inboxes where agent_id = $1", row => row.Long(0), agentId);

    public ValueTask<RemoteCall?> CallAsync(Guid agentId) => session.FirstAsync(
        "select agent_id, message_id, number, phase, attempts, started_at, next_at, task_id, answer, reason from remote_calls where agent_id = $1",
        row => new RemoteCall
        {
            AgentId = row.Guid(0), MessageId = row.Guid(1), Number = row.Long(2), Phase = Names<RemotePhase>.Parse(row.Text(3)), Attempts = row.Int(4), StartedAt = row.Time(5), NextAt = row.Time(6),
            TaskId = row.TextOrNull(7), Answer = row.TextOrNull(8), Reason = row.TextOrNull(9),
        },
        agentId);

    public void Save(RemoteCall call) => session.Queue(
        """
        insert into remote_calls (agent_id, message_id, number, phase, attempts, started_at, next_at, task_id, answer, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (agent_id) do update set message_id = excluded.message_id, number = excluded.number, phase = excluded.phase, attempts = excluded.attempts, started_at = excluded.started_at,
            next_at = excluded.next_at, task_id = excluded.task_id, answer = excluded.answer, reason = excluded.reason
        """,
        call.AgentId, call.MessageId, call.Number, Names<RemotePhase>.Of(call.Phase), call.Attempts, call.StartedAt, call.NextAt, call.TaskId, call.Answer, call.Reason);

    public void EndCall(Guid agentId) => session.Queue("delete from remote_calls where agent_id = $1", agentId);

    public ValueTask<RemoteContext?> ContextAsync(Guid agentId, Guid conversationId) => session.FirstAsync(
        "select context_id, task_id from remote_contexts where agent_id = $1 and conversation_id = $2", row => new RemoteContext(row.TextOrNull(0), row.TextOrNull(1)), agentId, conversationId);

    public void SaveContext(Guid agentId, Guid conversationId, RemoteContext context) => session.Queue(
        """
        insert into remote_contexts (agent_id, conversation_id, context_id, task_id) values ($1, $2, $3, $4)
        on conflict (agent_id, conversation_id) do update set context_id = excluded.context_id, task_id = excluded.task_id
        """,
        agentId, conversationId, context.ContextId, context.TaskId);

    private static RemoteAgent Remote(Row row) => new()
    {
        AgentId = row.Guid(0),
        OrganizationId = row.Guid(1),
        Name = row.Text(2),
        CardUrl = row.Text(3),
        Interface = new RemoteInterface(row.Text(4), Names<RemoteBinding>.Parse(row.Text(5)), row.Text(6), row.TextOrNull(7)),
        CardName = row.Text(8),
        Description = row.Text(9),
        Credential = row.TextOrNull(10),
        TokenVariable = row.TextOrNull(11),
        CreatedAt = row.Time(12),
        RefreshedAt = row.Time(13),
    };
}
