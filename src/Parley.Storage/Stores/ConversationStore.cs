using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core;

namespace Parley.Storage.Stores;

internal sealed class ConversationStore(Session session, PeerLocks? locks) : IConversationStore
{
    private const string Columns = "c.id, c.organization_id, c.kind, c.project_id, c.name, c.peer_key, c.head, c.created_at";

    private static readonly KeptRow<ConversationHead> Heads = new(
        "conversations", columns: "head", "select id, head from conversations where id = $1", row => new ConversationHead(row.Guid(0), row.Long(1)),
        "update conversations set head = $2 where id = $1", row => [row.Id, row.Head]);

    // Whoever sends takes the next number; the head itself nobody needs, and without it the row hardly ever changes.
    private static readonly string ColumnsWithoutHead = Columns.Replace("c.head", "0", StringComparison.Ordinal);
    private static readonly string PeersOfSqlite = PeersOf(Dialect.Sqlite);
    private static readonly string PeersOfPostgres = PeersOf(Dialect.Postgres);

    public void Add(Conversation conversation) => session.Queue(
        "insert into conversations (id, organization_id, kind, project_id, name, peer_key, head, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        conversation.Id, conversation.OrganizationId, Names<ConversationKind>.Of(conversation.Kind), conversation.ProjectId, conversation.Name, conversation.PeerKey,
        conversation.Head, conversation.CreatedAt);

    public ValueTask<Conversation?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} from conversations c where c.id = $1 and c.organization_id = $2", Conversation, id, organizationId);

    public ValueTask<Conversation?> FindDirectAsync(Guid organizationId, string peerKey) =>
        session.FirstAsync($"select {Columns} from conversations c where c.organization_id = $1 and c.peer_key = $2", Conversation, organizationId, peerKey);

    public ValueTask<PeerRoute?> FindPeersAsync(Guid organizationId, Guid senderId, string recipient) =>
        locks is null
            ? session.RecallAsync(session.Dialect.IsPostgres ? PeersOfPostgres : PeersOfSqlite, Peers, senderId, organizationId, recipient)
            : locks.FindAsync(PeersOfPostgres, Peers, organizationId, senderId, recipient);

    public void ExpectPeers(Guid organizationId, Guid senderId, string recipient) => locks?.Expect(PeersOfPostgres, Peers, organizationId, senderId, recipient);

    public ValueTask<(Agent Sender, HeldTypes HeldTypes)?> FindSenderAsync(Guid organizationId, Guid senderId) => session.FirstAsync(
        $"select {AgentStore.Columns}, o.held_types from agents a join organizations o on o.id = a.organization_id where a.organization_id = $1 and a.id = $2",
        row => ((Agent, HeldTypes)?)(AgentStore.AgentAt(row, 0), (HeldTypes)row.Int(AgentStore.Count)), organizationId, senderId);

    public ValueTask<Conversation?> FindChannelAsync(Guid projectId, string name) =>
        session.FirstAsync($"select {Columns} from conversations c where c.project_id = $1 and c.name = $2", Conversation, projectId, name);

    public ValueTask<Conversation?> FindChatAsync(Guid organizationId) =>
        session.FirstAsync($"select {Columns} from conversations c where c.organization_id = $1 and c.kind = 'chat'", Conversation, organizationId);

    public ValueTask<List<Conversation>> ListChannelsAsync(Guid projectId) =>
        session.ListAsync($"select {Columns} from conversations c where c.project_id = $1 and c.kind = 'channel' order by c.name", Conversation, projectId);

    public ValueTask<List<Conversation>> ListAsync(Guid organizationId, Guid? agentId, int limit) => agentId is { } agent
        ? session.ListAsync(
            $"""
            select {Columns} from conversation_members m join conversations c on c.id = m.conversation_id
            where m.agent_id = $1 and c.organization_id = $2 order by c.id desc limit $3
            """,
            Conversation, agent, organizationId, limit)
        : session.ListAsync($"select {Columns} from conversations c where c.organization_id = $1 order by c.id desc limit $2", Conversation, organizationId, limit);

    public async ValueTask<long> NextNumberAsync(Guid id)
    {
        if (session.Keeper is not { } keeper)
        {
            return locks?.NextNumber(id) ?? await session.FirstAsync("update conversations set head = head + 1 where id = $1 returning head", row => row.Long(0), id);
        }

        var row = keeper.Find(Heads, id) ?? throw ParleyError.NotFound("conversation");
        keeper.Set(Heads, id, row with { Head = row.Head + 1 });
        return row.Head + 1;
    }

    public ValueTask LockAsync(Guid id)
    {
        locks?.LockConversation(id);
        return ValueTask.CompletedTask;
    }

    public void AddMember(Guid conversationId, Guid agentId, DateTimeOffset at) => session.Queue(
        "insert into conversation_members (conversation_id, agent_id, joined_at) values ($1, $2, $3) on conflict do nothing", conversationId, agentId, at);

    public void RemoveMember(Guid conversationId, Guid agentId) =>
        session.Queue("delete from conversation_members where conversation_id = $1 and agent_id = $2", conversationId, agentId);

    public async ValueTask<bool> IsMemberAsync(Guid conversationId, Guid agentId) => await session.FirstAsync(
        "select 1 from conversation_members where conversation_id = $1 and agent_id = $2", row => row.Long(0), conversationId, agentId) == 1;

    public ValueTask<List<Agent>> MembersAsync(Guid conversationId) => session.ListAsync(
        $"""
        select {AgentStore.Columns} from conversation_members m join agents a on a.id = m.agent_id
        where m.conversation_id = $1 and a.removed_at is null order by a.name
        """,
        AgentStore.Agent, conversationId);

    public ValueTask<List<Guid>> ProjectsOfAsync(Guid agentId) => session.ListAsync(
        """
        select distinct c.project_id from conversation_members m join conversations c on c.id = m.conversation_id
        where m.agent_id = $1 and c.project_id is not null
        """,
        row => row.Guid(0), agentId);

    private static string PeersOf(Dialect dialect) =>
        $"""
        select {Of("s", AgentStore.Columns)}, o.features, {AgentStore.Columns}, {Of("l", LinkStore.Columns)}, {ColumnsWithoutHead}, o.held_types
        from agents s join organizations o on o.id = s.organization_id
            left join agent_names n on n.organization_id = s.organization_id and n.name = $3
            left join agents a on a.id = n.agent_id
            left join links l on l.agent_a = {dialect.Least}(s.id, a.id) and l.agent_b = {dialect.Greatest}(s.id, a.id) and l.removed_at is null
            left join conversations c on c.id = l.conversation_id
        where s.id = $1 and s.organization_id = $2
        """;

    private static string Of(string table, string columns) =>
        string.Join(", ", columns.Split(',', StringSplitOptions.TrimEntries).Select(column => $"{table}.{column[(column.IndexOf('.', StringComparison.Ordinal) + 1)..]}"));

    private static Conversation Conversation(Row row) => ConversationAt(row, 0);

    private static Conversation ConversationAt(Row row, int i) => new(
        row.Guid(i), row.Guid(i + 1), Names<ConversationKind>.Parse(row.Text(i + 2)), row.GuidOrNull(i + 3), row.Text(i + 4), row.TextOrNull(i + 5), row.Long(i + 6), row.Time(i + 7));

    private static PeerRoute Peers(Row row) => new(
        AgentStore.AgentAt(row, 0), (Features)row.Int(12), row.IsNull(13) ? null : AgentStore.AgentAt(row, 13), row.IsNull(25) ? null : LinkStore.LinkAt(row, 25),
        row.IsNull(39) ? null : ConversationAt(row, 39), (HeldTypes)row.Int(47));

    private sealed record ConversationHead(Guid Id, long Head);
}
