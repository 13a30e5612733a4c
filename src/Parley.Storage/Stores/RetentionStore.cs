using Parley.Core.Maintenance;

namespace Parley.Storage.Stores;

internal sealed class RetentionStore(Session session, PeerLocks? locks) : IRetentionStore
{
    /// <summary>Whether a delivery with a number no longer holds its inbox back, before the time in $1.</summary>
    private const string Settled = "(d.state = 'dead' or (d.state in ('acknowledged', 'replied', 'expired', 'refused') and coalesce(d.replied_at, d.acknowledged_at, d.ended_at) < $1))";

    /// <summary>
    /// Whether a message is needed no longer, before the time in $1. A delivery without a number never reached an inbox and goes with its message.
    /// </summary>
    private const string Unneeded =
        """
        (m.created_at < $1 and m.withheld <> 'held'
         and not exists (select 1 from deliveries d where d.message_id = m.id
            and (d.number is not null or d.state not in ('expired', 'refused') or d.ended_at >= $1))
         and not exists (select 1 from turn_inputs i join turns t on t.id = i.turn_id where i.message_id = m.id and t.ended_at is null)
         and not exists (select 1 from obligations o where o.message_id = m.id)
         and not exists (select 1 from attention t where t.resolved_at is null and t.organization_id = m.organization_id and t.message_id = m.id))
        """;

    public ValueTask<List<Guid>> InboxesAsync(DateTimeOffset before, int limit) => session.ListAsync(
        $"""
        select i.agent_id from inboxes i
        where i.floor < i.cursor and exists (
            select 1 from deliveries d
            where d.agent_id = i.agent_id and d.number <= i.cursor and {Settled}
              and d.number = (select min(n.number) from deliveries n where n.agent_id = i.agent_id and n.number > i.floor))
        limit $2
        """,
        row => row.Guid(0), before, limit);

    public async ValueTask<int> PruneInboxAsync(Guid agentId, DateTimeOffset before, int limit)
    {
        var inbox = await new AgentStore(session, writing: true).InboxAsync(agentId);
        var next = await session.ListAsync(
            $"select d.number, case when {Settled} then 1 else 0 end from deliveries d where d.agent_id = $2 and d.number > $3 and d.number <= $4 order by d.number limit $5",
            row => (Number: row.Long(0), Settled: row.Bool(1)), before, agentId, inbox.Floor, inbox.Cursor, limit);
        var settled = next.TakeWhile(delivery => delivery.Settled).ToList();
        if (settled.Count == 0)
        {
            return 0;
        }

        var floor = settled[^1].Number;
        await session.ExecuteAsync("delete from deliveries where agent_id = $1 and number > $2 and number <= $3 and state <> 'dead'", agentId, inbox.Floor, floor);
        session.Queue("update inboxes set floor = $2 where agent_id = $1", agentId, floor);
        return settled.Count;
    }

    public ValueTask<List<Guid>> ConversationsAsync(DateTimeOffset before, int limit) => session.ListAsync(
        $"""
        select c.id from conversations c
        where c.head > 0 and exists (
            select 1 from messages m
            where m.conversation_id = c.id and m.number = (select min(n.number) from messages n where n.conversation_id = c.id) and {Unneeded})
        limit $2
        """,
        row => row.Guid(0), before, limit);

    public async ValueTask<int> PruneConversationAsync(Guid conversationId, DateTimeOffset before, int limit)
    {
        await new ConversationStore(session, locks).LockAsync(conversationId);
        var next = await session.ListAsync(
            $"select m.id, case when {Unneeded} then 1 else 0 end from messages m where m.conversation_id = $2 order by m.number limit $3",
            row => (Id: row.Guid(0), Unneeded: row.Bool(1)), before, conversationId, limit);
        var unneeded = next.TakeWhile(message => message.Unneeded).ToList();
        var search = new SearchIndex(session);
        foreach (var (id, _) in unneeded)
        {
            await search.ForgetAsync(id);
            session.Queue("delete from deliveries where message_id = $1", id);
            session.Queue("delete from messages where id = $1", id);
        }

        await search.StepBackAsync();
        return unneeded.Count;
    }

    public async ValueTask<int> PruneTurnsAsync(DateTimeOffset before, int limit)
    {
        var ended = await session.ListAsync("select id from turns where ended_at < $1 order by ended_at limit $2", row => row.Guid(0), before, limit);
        foreach (var id in ended)
        {
            session.Queue("delete from permissions where turn_id = $1", id);
            session.Queue("delete from turn_steps where turn_id = $1", id);
            session.Queue("delete from turn_inputs where turn_id = $1", id);
            session.Queue("delete from turns where id = $1", id);
        }

        return ended.Count;
    }

    public async ValueTask<int> PruneSessionsAsync(DateTimeOffset before, int limit)
    {
        var gone = await session.ListAsync(
            """
            select x.session_id, x.conversation_id from subagents x
            where x.ended_at < $1
              and not exists (select 1 from messages m where m.conversation_id = x.conversation_id)
              and not exists (select 1 from turns t where t.session_id = x.session_id)
              and not exists (select 1 from subagents c where c.parent_session_id = x.session_id)
            order by x.ended_at limit $2
            """,
            row => (Session: row.Guid(0), Conversation: row.Guid(1)), before, limit);
        foreach (var (id, conversation) in gone)
        {
            session.Queue("delete from subagents where session_id = $1", id);
            session.Queue("delete from sessions where id = $1", id);
            session.Queue("delete from conversation_members where conversation_id = $1", conversation);
            session.Queue("delete from conversations where id = $1", conversation);
        }

        return gone.Count;
    }
}
