using Parley.Core;
using Parley.Core.Agents;

namespace Parley.Storage.Stores;

internal sealed class AgentStore(Session session, bool writing) : IAgentStore
{
    internal const string Columns = "a.id, a.organization_id, a.owner_id, a.name, a.kind, a.type, a.description, a.hold, a.created_at, a.removed_at, a.aliases, a.skills";

    /// <summary>How many <see cref="Columns"/> are.</summary>
    internal const int Count = 12;

    private const string ByName = "agent_names n join agents a on a.id = n.agent_id where n.organization_id = $1 and n.name";

    /// <summary>Kept whole: every send to an agent raises its head, every acknowledgement its cursor.</summary>
    internal static readonly KeptRow<InboxState> Inboxes = new(
        "inboxes", columns: null, "select agent_id, head, cursor, floor from inboxes where agent_id = $1", Inbox,
        "update inboxes set head = $2, cursor = $3, floor = $4 where agent_id = $1", state => [state.AgentId, state.Head, state.Cursor, state.Floor]);

    public void Add(Agent agent)
    {
        session.Queue(
            """
            insert into agents (id, organization_id, owner_id, name, kind, type, description, hold, created_at, removed_at, aliases, skills)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            agent.Id, agent.OrganizationId, agent.OwnerId, agent.Name, Names<AgentKind>.Of(agent.Kind), agent.Type, agent.Description, agent.Hold, agent.CreatedAt, agent.RemovedAt,
            MessageRow.WriteList(agent.Aliases), MessageRow.WriteList(agent.Skills));
        session.Queue("insert into inboxes (agent_id) values ($1)", agent.Id);
    }

    public void Update(Agent agent) => session.Queue(
        "update agents set owner_id = $2, type = $3, description = $4, hold = $5, aliases = $6, skills = $7 where id = $1",
        agent.Id, agent.OwnerId, agent.Type, agent.Description, agent.Hold, MessageRow.WriteList(agent.Aliases), MessageRow.WriteList(agent.Skills));

    public void Remove(Guid id, DateTimeOffset at) => session.Queue("update agents set removed_at = $2 where id = $1", id, at);

    public ValueTask<Agent?> FindAsync(Guid organizationId, string name) =>
        session.FirstAsync($"select {Columns} from {ByName} = $2", Agent, organizationId, name);

    public async ValueTask<IReadOnlyList<string>> OwnNamesAsync(Guid organizationId, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return names;
        }

        var own = new Dictionary<string, string>();
        if (session.Dialect.IsPostgres)
        {
            foreach (var (name, agent) in await session.ListAsync($"select n.name, a.name from {ByName} = any($2)", row => (row.Text(0), row.Text(1)), organizationId, names.ToArray()))
            {
                own[name] = agent;
            }
        }
        else
        {
            foreach (var name in names)
            {
                own[name] = await session.RecallAsync(NameOf, row => row.Text(0), organizationId, name) ?? name;
            }
        }

        return [.. names.Select(name => own.GetValueOrDefault(name, name)).Distinct()];
    }

    public ValueTask<Agent?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} from agents a where a.organization_id = $1 and a.id = $2", Agent, organizationId, id);

    public ValueTask<List<Agent>> ListAsync(Guid organizationId) =>
        session.ListAsync($"select {Columns} from agents a where a.organization_id = $1 and a.removed_at is null order by a.name", Agent, organizationId);

    public ValueTask<List<InboxState>> InboxesAsync(Guid organizationId) => session.ListAsync(
        """
        select i.agent_id, i.head, i.cursor, i.floor from inboxes i join agents a on a.id = i.agent_id
        where a.organization_id = $1 and a.removed_at is null
        """,
        Inbox, organizationId);

    public async ValueTask<InboxState> InboxAsync(Guid agentId)
    {
        if (session.Keeper is { } keeper)
        {
            return keeper.Find(Inboxes, agentId) ?? throw ParleyError.NotFound("inbox");
        }

        return await session.FirstAsync(Inboxes.Load + (writing ? session.Dialect.ForUpdate : ""), Inbox, agentId)
            ?? throw ParleyError.NotFound("inbox");
    }

    public async ValueTask LockInboxesAsync(IReadOnlyCollection<Guid> agentIds, Guid? membersOf)
    {
        if (session.Dialect.IsPostgres)
        {
            await session.ListAsync(
                """
                select agent_id from inboxes where agent_id = any($1) or agent_id in (select agent_id from conversation_members where conversation_id = $2)
                order by agent_id for update
                """,
                row => row.Guid(0), agentIds.ToArray(), membersOf ?? Guid.Empty);
        }
    }

    public async ValueTask<List<InboxPosition>> HeadsAsync(IReadOnlyCollection<Guid> agentIds)
    {
        const string Sql = "select agent_id, head from inboxes where agent_id ";
        if (session.Dialect.IsPostgres)
        {
            return await session.ListAsync(Sql + "= any($1)", Position, agentIds.ToArray());
        }

        var heads = new List<InboxPosition>(agentIds.Count);
        foreach (var id in agentIds)
        {
            heads.AddRange(await session.ListAsync(Sql + "= $1", Position, id));
        }

        return heads;
    }

    /// <summary>On SQLite; PostgreSQL moves it together with what it acknowledges.</summary>
    internal void SetCursor(InboxState inbox, long cursor)
    {
        if (session.Keeper is { } keeper)
        {
            keeper.Set(Inboxes, inbox.AgentId, inbox with { Cursor = cursor });
        }
        else
        {
            session.Queue("update inboxes set cursor = $2 where agent_id = $1", inbox.AgentId, cursor);
        }
    }

    internal static Agent Agent(Row row) => AgentAt(row, 0);

    /// <summary>Reads an agent from the twelve columns that begin at <paramref name="i"/>.</summary>
    internal static Agent AgentAt(Row row, int i) => new(
        row.Guid(i), row.Guid(i + 1), row.Guid(i + 2), row.Text(i + 3), Names<AgentKind>.Parse(row.Text(i + 4)), row.Text(i + 5), row.Text(i + 6), row.Bool(i + 7), row.Time(i + 8),
        row.TimeOrNull(i + 9))
    {
        Aliases = MessageRow.ReadList(row.Text(i + 10)),
        Skills = MessageRow.ReadList(row.Text(i + 11)),
    };

    private const string NameOf = $"select a.name from {ByName} = $2";

    private static InboxPosition Position(Row row) => new(row.Guid(0), row.Long(1));

    internal static InboxState Inbox(Row row) => new(row.Guid(0), row.Long(1), row.Long(2), row.Long(3));
}
