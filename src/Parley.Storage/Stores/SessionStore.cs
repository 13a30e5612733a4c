using Parley.Core.Turns;

namespace Parley.Storage.Stores;

internal sealed class SessionStore(Session session, bool writing) : ISessionStore
{
    /// <summary>What a lease says that ended without being given back.</summary>
    private const long Dropped = 1;

    /// <summary>How far above a cursor unread deliveries are looked for: what a failing session keeps back must not hide another session's.</summary>
    private const int Window = 5000;

    private const string NotHalted =
        """
        not exists (select 1 from halts h where (h.scope = 'agent' and h.target_id = a.id) or (h.scope = 'organization' and h.target_id = a.organization_id) or h.scope = 'server')
        """;

    private string Columns =>
        $"s.id, s.organization_id, s.agent_id, s.key, s.kind, s.conversation_id, s.created_at, s.fence, case when s.lease_until > {session.Dialect.Now} then 1 else 0 end, "
        + $"case when s.lease_until > 0 and s.lease_until <= {session.Dialect.Now} then 1 else 0 end, s.failures, s.not_before, s.turn_id";

    /// <summary>
    /// It is asked with every turn, so its cost follows what is unread alone. With <c>cross join</c> SQLite begins at the hosted agents and not with all deliveries ever made;
    /// each session is found by its id and not among all that its agent ever had, a main one as the first by key.
    /// </summary>
    public async ValueTask<List<DueSession>> DueAsync(DateTimeOffset now, int limit)
    {
        var free = $"s.lease_until <= {session.Dialect.Now} and (s.not_before is null or s.not_before <= $1)";
        var open = await session.ListAsync(
            $"""
            select a.organization_id, a.id, s.conversation_id from sessions s join agents a on a.id = s.agent_id
            where s.turn_id is not null and {free} and {NotHalted} order by s.lease_until limit $2
            """,
            Due, now, limit);
        var unread = await session.ListAsync(
            $"""
            select w.organization_id, w.agent_id, w.place from (
                select a.organization_id, a.id as agent_id, {Place.Of} as place, min(d.released_at) as since
                from hosted_agents g cross join agents a cross join inboxes i cross join deliveries d
                    join messages m on m.id = d.message_id join conversations c on c.id = m.conversation_id
                    {Place.Join}
                where a.id = g.agent_id and i.agent_id = a.id and d.agent_id = a.id and d.number > i.cursor and d.number <= i.cursor + {Window} and d.state in ('pending', 'offered')
                    and i.head > i.cursor and a.removed_at is null and {NotHalted} and {Place.Ready}
                group by a.organization_id, a.id, {Place.Of}) w
            left join sessions s on s.id = case when w.place is null
                then (select o.id from sessions o where o.agent_id = w.agent_id and o.kind = 'main' order by o.key limit 1)
                else (select o.id from sessions o where o.agent_id = w.agent_id and o.conversation_id = w.place) end
            where s.id is null or ({free}) order by w.since limit $2
            """,
            Due, now, limit);
        return [.. open.Union(unread).Take(limit)];
    }

    public void Add(AgentSession added) => session.Queue(
        "insert into sessions (id, organization_id, agent_id, key, kind, conversation_id, created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        added.Id, added.OrganizationId, added.AgentId, added.Key, Names<SessionKind>.Of(added.Kind), added.ConversationId, added.CreatedAt);

    public async ValueTask<SessionState> OpenAsync(AgentSession opened)
    {
        Add(opened);
        return (await session.FirstAsync(
            $"select {Columns} from sessions s where s.agent_id = $1 and s.key = $2{session.Dialect.ForUpdate}", State, opened.AgentId, opened.Key))!;
    }

    public ValueTask<SessionState?> FindAsync(Guid id) =>
        session.FirstAsync($"select {Columns} from sessions s where s.id = $1{(writing ? session.Dialect.ForUpdate : "")}", State, id);

    public ValueTask<SessionState?> FindInAsync(Guid agentId, Guid conversationId) => session.FirstAsync(
        $"select {Columns} from sessions s where s.agent_id = $1 and s.conversation_id = $2{(writing ? session.Dialect.ForUpdate : "")}", State, agentId, conversationId);

    public ValueTask<List<SessionState>> ListAsync(Guid agentId) =>
        session.ListAsync($"select {Columns} from sessions s where s.agent_id = $1 order by s.created_at, s.id{(writing ? session.Dialect.ForUpdate : "")}", State, agentId);

    public void Take(Lease lease, string node, Guid turnId) => session.Queue(
        $"update sessions set fence = $2, node = $3, lease_until = {Until}, turn_id = $4, not_before = null where id = $1", lease.SessionId, lease.Fence, node, turnId);

    public async ValueTask<bool> HoldAsync(Lease lease) => await session.FirstAsync(
        $"select 1 from sessions where id = $1 and fence = $2 and lease_until > 0{session.Dialect.ForUpdate}", row => row.Long(0), lease.SessionId, lease.Fence) == 1;

    public async ValueTask<bool> RenewAsync(Lease lease) => await session.ExecuteAsync(
        $"update sessions set lease_until = {Until} where id = $1 and fence = $2 and lease_until > 0", lease.SessionId, lease.Fence) == 1;

    public void Release(Guid id, Guid? turnId, int failures, DateTimeOffset? notBefore) => session.Queue(
        "update sessions set lease_until = 0, fence = fence + 1, turn_id = $2, failures = $3, not_before = $4 where id = $1", id, turnId, failures, notBefore);

    public async ValueTask<string?> ResumeAsync(Guid id) => await session.FirstAsync("select resume from sessions where id = $1 and resume is not null", row => row.Text(0), id);

    public void SaveResume(Guid id, string? resume) => session.Queue("update sessions set resume = $2 where id = $1", id, resume);

    public void ForgetResumes(Guid agentId) => session.Queue("update sessions set resume = null where agent_id = $1 and resume is not null", agentId);

    public ValueTask<int> DropLeasesAsync() => session.ExecuteAsync("update sessions set lease_until = $1, fence = fence + 1 where lease_until > $1", Dropped);

    private string Until => $"{session.Dialect.Now} + {Lease.Time.Ticks / TimeSpan.TicksPerMicrosecond}";

    private static DueSession Due(Row row) => new(row.Guid(0), row.Guid(1), row.GuidOrNull(2));

    private static SessionState State(Row row) => new(
        new AgentSession(row.Guid(0), row.Guid(1), row.Guid(2), row.Text(3), Names<SessionKind>.Parse(row.Text(4)), row.GuidOrNull(5), row.Time(6)),
        row.Long(7), row.Bool(8), row.Bool(9), row.Int(10), row.TimeOrNull(11), row.GuidOrNull(12));
}
