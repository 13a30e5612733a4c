using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Messages;

namespace Parley.Storage.Stores;

internal sealed class DeliveryStore(Session session) : IDeliveryStore
{
    private const string Columns =
        """
        d.message_id, d.agent_id, a.name, d.number, d.state, d.attempts, d.reason, d.link_id, d.turn, d.not_before, d.expires_at, d.accepted_at, d.released_at, d.offered_at,
        d.acknowledged_at, d.replied_at, d.ended_at
        """;

    private const string Acknowledged = "deliveries set state = 'acknowledged', acknowledged_at = $3 where agent_id = $1 and number <= $2 and state in ('pending', 'offered')";
    private static readonly string AcknowledgeOfSqlite = AcknowledgeOf(Dialect.Sqlite);
    private static readonly string AcknowledgeOfPostgres = AcknowledgeOf(Dialect.Postgres);

    private const string From = "deliveries d join agents a on a.id = d.agent_id";

    public async ValueTask<long> AddAsync(Delivery delivery)
    {
        var pending = delivery.State == DeliveryState.Pending;
        var number = pending ? await NextNumberAsync(delivery.AgentId) : 0;
        session.Queue(
            """
            insert into deliveries (message_id, agent_id, number, state, link_id, turn, not_before, expires_at, accepted_at, released_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            delivery.MessageId, delivery.AgentId, pending ? number : null, Names<DeliveryState>.Of(delivery.State), delivery.LinkId, delivery.Turn, delivery.NotBefore,
            delivery.ExpiresAt, delivery.AcceptedAt, pending ? delivery.AcceptedAt : null);
        return number;
    }

    public Task<long> Append(Delivery delivery) => !session.Dialect.IsPostgres
        ? AddAsync(delivery).AsTask()
        : session.Ahead(
            """
            with raised as (update inboxes set head = head + 1 where agent_id = $2 returning head)
            insert into deliveries (message_id, agent_id, number, state, link_id, turn, expires_at, accepted_at, released_at)
            select $1, $2, head, 'pending', $3::uuid, $4, $5::bigint, $6, $6 from raised returning number
            """,
            row => row.Long(0), delivery.MessageId, delivery.AgentId, delivery.LinkId, delivery.Turn, delivery.ExpiresAt, delivery.AcceptedAt).Task;

    public void Fill(Delivery delivery) => session.Queue(
        """
        insert into deliveries (message_id, agent_id, number, state, accepted_at, released_at, acknowledged_at) values ($1, $2, $3, $4, $5, $5, $6)
        """,
        delivery.MessageId, delivery.AgentId, delivery.Number, Names<DeliveryState>.Of(delivery.State), delivery.AcceptedAt, delivery.AcknowledgedAt);

    public async ValueTask<List<InboxPosition>> FanOutAsync(Message message, Guid exceptAgentId)
    {
        const string Others = "select agent_id from conversation_members where conversation_id = $1 and agent_id <> $2";
        var insert = $"insert{session.Dialect.OrFail} into deliveries (message_id, agent_id, number, state, expires_at, accepted_at, released_at) select $3, i.agent_id, i.head, 'pending', $4, $5, $5";
        string sql;
        if (session.Dialect.IsPostgres)
        {
            // In the order of the ids, as every writer locks inboxes, so that two posts cannot block each other.
            await session.ListAsync(
                $"select agent_id from inboxes where agent_id in ({Others}) order by agent_id for update", row => row.Guid(0), message.ConversationId, exceptAgentId);
            // In one statement, so that who joins or leaves meanwhile gets both a number and a delivery, or neither.
            sql = $"with raised as (update inboxes set head = head + 1 where agent_id in ({Others}) returning agent_id, head) {insert} from raised i returning agent_id, number";
        }
        else
        {
            session.Queue($"update{session.Dialect.OrFail} inboxes set head = head + 1 where agent_id in ({Others})", message.ConversationId, exceptAgentId);
            sql = $"{insert} from inboxes i where i.agent_id in ({Others}) returning agent_id, number";
        }

        return await session.ListAsync(
            sql, row => new InboxPosition(row.Guid(0), row.Long(1)), message.ConversationId, exceptAgentId, message.Id, message.ExpiresAt, message.CreatedAt);
    }

    public ValueTask<List<InboxItem>> PageAsync(Guid agentId, long after, int limit) => session.ListAsync(
        $"""
        select {MessageRow.Columns}, d.number, d.state, d.attempts
        from deliveries d join messages m on m.id = d.message_id join conversations c on c.id = m.conversation_id
        where d.agent_id = $1 and d.number > $2 order by d.number limit $3
        """,
        row => new InboxItem(
            row.Long(MessageRow.Count), Names<DeliveryState>.Parse(row.Text(MessageRow.Count + 1)), row.Int(MessageRow.Count + 2), MessageRow.Read(row)),
        agentId, after, limit);

    public async Task<(InboxState Before, int Count)> AcknowledgeAsync(Guid agentId, long upTo, DateTimeOffset at)
    {
        if (session.Dialect.IsPostgres)
        {
            return await AcknowledgeInOneAsync(agentId, upTo, at);
        }

        var agents = new AgentStore(session, writing: true);
        var inbox = await agents.InboxAsync(agentId);
        if (upTo <= inbox.Cursor || upTo > inbox.Head)
        {
            return (inbox, 0);
        }

        agents.SetCursor(inbox, upTo);
        return (inbox, await MarkAsync(agentId, inbox.Cursor, upTo, at));
    }

    internal ValueTask<int> MarkAsync(Guid agentId, long above, long upTo, DateTimeOffset at) =>
        session.ExecuteAsync(session.Dialect.IsPostgres ? AcknowledgeOfPostgres : AcknowledgeOfSqlite, agentId, upTo, at, above);

    /// <summary>
    /// One round trip, so that senders to this inbox wait for it no longer than it takes. The second statement sees every delivery below the head that the
    /// first one has locked.
    /// </summary>
    private async Task<(InboxState Before, int Count)> AcknowledgeInOneAsync(Guid agentId, long upTo, DateTimeOffset at)
    {
        var inbox = session.Ahead(AgentStore.Inboxes.Load + session.Dialect.ForUpdate, AgentStore.Inbox, agentId);
        var count = session.Ahead(
            $"""
            with moved as (update inboxes set cursor = $2 from (select cursor as was from inboxes where agent_id = $1) b where agent_id = $1 and cursor < $2 and head >= $2 returning was),
                done as (update {Acknowledged} and number > (select was from moved) returning 1)
            select count(*) from done
            """,
            row => row.Int(0), agentId, upTo, at);
        return (await inbox.Task ?? throw ParleyError.NotFound("inbox"), await count.Task);
    }

    public void Offer(Guid agentId, long above, long upTo, DateTimeOffset at) => session.Queue(
        $"""
        update{session.Dialect.OrFail} deliveries set state = 'offered', offered_at = $4, attempts = attempts + 1
        where agent_id = $1 and number > $2 and number <= $3 and state in ('pending', 'offered')
        """,
        agentId, above, upTo, at);

    public ValueTask<List<Delivery>> OfMessageAsync(Guid messageId, int limit) =>
        session.ListAsync($"select {Columns} from {From} where d.message_id = $1 order by a.name limit $2", DeliveryOf, messageId, limit);

    public async ValueTask<List<Delivery>> OfMessagesAsync(IReadOnlyList<Guid> messageIds)
    {
        if (session.Dialect.IsPostgres)
        {
            return await session.ListAsync($"select {Columns} from {From} where d.message_id = any($1) order by d.message_id, a.name", DeliveryOf, messageIds.ToArray());
        }

        var found = new List<Delivery>(messageIds.Count);
        foreach (var id in messageIds)
        {
            found.AddRange(await session.ListAsync($"select {Columns} from {From} where d.message_id = $1 order by a.name", DeliveryOf, id));
        }

        return found;
    }

    public async ValueTask<int> CountAsync(Guid messageId) =>
        await session.FirstAsync("select count(*) from deliveries where message_id = $1", row => row.Int(0), messageId);

    public ValueTask<Delivery?> FindAsync(Guid agentId, long number) =>
        session.FirstAsync($"select {Columns} from {From} where d.agent_id = $1 and d.number = $2", DeliveryOf, agentId, number);

    public ValueTask<Delivery?> FindAsync(Guid messageId, Guid agentId) =>
        session.FirstAsync($"select {Columns} from {From} where d.message_id = $1 and d.agent_id = $2", DeliveryOf, messageId, agentId);

    public async ValueTask<long> ReleaseAsync(Guid messageId, Guid agentId, DateTimeOffset at)
    {
        var number = await NextNumberAsync(agentId);
        session.Queue(
            "update deliveries set state = 'pending', number = $3, released_at = $4, reason = null, ended_at = null where message_id = $1 and agent_id = $2",
            messageId, agentId, number, at);
        return number;
    }

    public void Defer(Guid messageId, Guid agentId, long turn, DateTimeOffset notBefore) => session.Queue(
        "update deliveries set state = 'deferred', turn = $3, not_before = $4 where message_id = $1 and agent_id = $2", messageId, agentId, turn, notBefore);

    public void End(Guid messageId, Guid agentId, DeliveryState state, string reason, DateTimeOffset at) => session.Queue(
        "update deliveries set state = $3, reason = $4, ended_at = $5 where message_id = $1 and agent_id = $2",
        messageId, agentId, Names<DeliveryState>.Of(state), reason, at);

    public void Reply(Guid messageId, Guid agentId, DateTimeOffset at) => session.Queue(
        """
        update deliveries set state = 'replied', replied_at = $3
        where message_id = $1 and agent_id = $2 and state in ('pending', 'offered', 'acknowledged')
        """,
        messageId, agentId, at);

    public async ValueTask LockAsync(Guid messageId)
    {
        if (session.Dialect.IsPostgres)
        {
            await session.ListAsync("select agent_id from deliveries where message_id = $1 order by agent_id for update", row => row.Guid(0), messageId);
        }
    }

    public ValueTask<List<Delivery>> DeferredAsync(Guid linkId, int limit) =>
        session.ListAsync($"select {Columns} from {From} where d.link_id = $1 and d.state = 'deferred' order by d.turn limit $2", DeliveryOf, linkId, limit);

    public ValueTask<List<Delivery>> ExpiringAsync(DateTimeOffset now, int limit) => session.ListAsync(
        $"""
        select {Columns} from {From}
        where d.expires_at <= $1 and d.expires_at is not null and d.ended_at is null and d.acknowledged_at is null and d.state <> 'replied'
        order by d.expires_at limit $2
        """,
        DeliveryOf, now, limit);

    public ValueTask<List<Delivery>> DeadAsync(Guid organizationId, int limit) => session.ListAsync(
        $"select {Columns} from {From} where a.organization_id = $1 and d.state = 'dead' order by d.ended_at desc limit $2", DeliveryOf, organizationId, limit);

    private static string AcknowledgeOf(Dialect dialect) => $"update{dialect.OrFail} {Acknowledged} and number > $4";

    private async ValueTask<long> NextNumberAsync(Guid agentId)
    {
        if (session.Keeper is not { } keeper)
        {
            return await session.FirstAsync("update inboxes set head = head + 1 where agent_id = $1 returning head", row => row.Long(0), agentId);
        }

        var inbox = keeper.Find(AgentStore.Inboxes, agentId) ?? throw ParleyError.NotFound("inbox");
        keeper.Set(AgentStore.Inboxes, agentId, inbox with { Head = inbox.Head + 1 });
        return inbox.Head + 1;
    }

    private static Delivery DeliveryOf(Row row) => new()
    {
        MessageId = row.Guid(0),
        AgentId = row.Guid(1),
        AgentName = row.Text(2),
        Number = row.LongOrNull(3),
        State = Names<DeliveryState>.Parse(row.Text(4)),
        Attempts = row.Int(5),
        Reason = row.TextOrNull(6),
        LinkId = row.GuidOrNull(7),
        Turn = row.Long(8),
        NotBefore = row.TimeOrNull(9),
        ExpiresAt = row.TimeOrNull(10),
        AcceptedAt = row.Time(11),
        ReleasedAt = row.TimeOrNull(12),
        OfferedAt = row.TimeOrNull(13),
        AcknowledgedAt = row.TimeOrNull(14),
        RepliedAt = row.TimeOrNull(15),
        EndedAt = row.TimeOrNull(16),
    };
}
