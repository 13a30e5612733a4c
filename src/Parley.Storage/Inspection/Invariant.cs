using System.Globalization;
using Parley.Core.Maintenance;

namespace Parley.Storage.Inspection;

/// <summary>Something that must be true of the rows: a query over the newest of them that counts how many were looked at and how many are wrong.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Rows">What is looked at, for the sentence.</param>
/// <param name="Rule">What has to be true, for the sentence.</param>
/// <param name="Sql">Gives two counts: all that were looked at, and those that break the rule.</param>
internal sealed record Invariant(string Check, string Rows, string Rule, string Sql)
{
    public static readonly IReadOnlyList<Invariant> All =
    [
        new("conversation_numbers", "of the newest 200 conversations, their newest 5000 numbers each", "a conversation's messages are numbered up to its head without a gap",
            """
            select count(*), coalesce(sum(case when s.high is not null and (s.high <> s.head or s.messages <> s.high - s.low + 1) then 1 else 0 end), 0) from (
                select c.head,
                    (select max(m.number) from messages m where m.conversation_id = c.id) as high,
                    (select min(m.number) from messages m where m.conversation_id = c.id and m.number > c.head - 5000) as low,
                    (select count(*) from messages m where m.conversation_id = c.id and m.number > c.head - 5000) as messages
                from (select id, head from conversations order by id desc limit 200) c) s
            """),
        new("inbox_numbers", "of 1000 inboxes", "an inbox's newest number is its head, and its cursor and floor lie below",
            """
            select count(*), coalesce(sum(case when s.floor > s.cursor or s.cursor > s.head or coalesce(s.high, s.floor) <> s.head then 1 else 0 end), 0) from (
                select i.head, i.cursor, i.floor, (select max(d.number) from deliveries d where d.agent_id = i.agent_id and d.number > i.floor) as high
                from (select agent_id, head, cursor, floor from inboxes order by agent_id desc limit 1000) i) s
            """),
        new("inbox_gaps", "of 200 inboxes, their newest 5000 numbers each", "an inbox has every number from its floor to its head",
            """
            select count(*), coalesce(sum(case when s.deliveries <> s.head - s.low then 1 else 0 end), 0) from (
                select i.head, i.low, (select count(*) from deliveries d where d.agent_id = i.agent_id and d.number > i.low) as deliveries
                from (select agent_id, head, case when floor > head - 5000 then floor else head - 5000 end as low from inboxes order by agent_id desc limit 200) i) s
            """),
        new("acknowledged", "of 1000 inboxes", "nothing at or below a cursor waits to be acknowledged",
            """
            select count(*), coalesce(sum(case when exists (
                select 1 from deliveries d where d.agent_id = i.agent_id and d.number > i.cursor - 100 and d.number <= i.cursor and d.state in ('pending', 'offered')) then 1 else 0 end), 0)
            from (select agent_id, cursor from inboxes order by agent_id desc limit 1000) i
            """),
        new("deferred", "of the newest 1000 links with a state", "a link counts as waiting what is deferred",
            """
            select count(*), coalesce(sum(case when s.waiting <> (select count(*) from deliveries d where d.link_id = s.link_id and d.state = 'deferred') then 1 else 0 end), 0)
            from (select link_id, waiting from link_states where channel = 'direct' order by link_id desc limit 1000) s
            """),
        new("credits", "of the newest 1000 links with a state", "a link's credits lie between none and its quota",
            """
            select count(*), coalesce(sum(case when s.credits_remaining < 0 or s.credits_remaining > l.messages_per_window then 1 else 0 end), 0)
            from (select link_id, credits_remaining from link_states order by link_id desc limit 1000) s join links l on l.id = s.link_id
            """),
        new("held", "of 1000 held messages", "a held direct message has a held delivery",
            """
            select count(*), coalesce(sum(case when c.kind = 'direct' and not exists (select 1 from deliveries d where d.message_id = h.id and d.state = 'held') then 1 else 0 end), 0)
            from (select id, conversation_id from messages where withheld = 'held' limit 1000) h join conversations c on c.id = h.conversation_id
            """),
        new("meetings", "of the newest 1000 meetings", "a meeting has its conversation, under the same name",
            """
            select count(*), coalesce(sum(case when c.id is null or c.kind <> 'meeting' or c.name <> t.name or c.organization_id <> t.organization_id then 1 else 0 end), 0)
            from (select conversation_id, name, organization_id from meetings order by conversation_id desc limit 1000) t left join conversations c on c.id = t.conversation_id
            """),
        new("deliveries", "of the newest 10000 deliveries", "a delivery has its message and its recipient",
            """
            select count(*), coalesce(sum(case when m.id is null or a.id is null then 1 else 0 end), 0)
            from (select message_id, agent_id from deliveries order by message_id desc, agent_id desc limit 10000) d
            left join messages m on m.id = d.message_id left join agents a on a.id = d.agent_id
            """),
        new("hosted", "of 1000 hosted agents", "a hosted agent is marked as one",
            """
            select count(*), coalesce(sum(case when a.kind <> 'hosted' then 1 else 0 end), 0)
            from (select agent_id from hosted_agents order by agent_id desc limit 1000) h join agents a on a.id = h.agent_id
            """),
        new("turns", "of 1000 sessions with an open turn", "a session's open turn is its own and has not ended",
            """
            select count(*), coalesce(sum(case when t.id is null or t.session_id <> s.id or t.state <> 'running' then 1 else 0 end), 0)
            from (select id, turn_id from sessions where turn_id is not null limit 1000) s left join turns t on t.id = s.turn_id
            """),
        new("reservations", "of the newest 1000 chains", "a chain reserves what its running turns reserve",
            """
            select count(*), coalesce(sum(case when r.reserved_tokens <> t.tokens or r.reserved_cost <> t.cost then 1 else 0 end), 0) from (
                select n.id, coalesce(sum(t.reserved_tokens), 0) as tokens, coalesce(sum(t.reserved_cost), 0) as cost
                from (select id from roots order by created_at desc, id desc limit 1000) n left join turns t on t.root_id = n.id and t.state = 'running' group by n.id) t
            join roots r on r.id = t.id
            """),
    ];

    public async ValueTask<Finding> CheckAsync(Session session)
    {
        var (seen, wrong) = await session.FirstAsync(Sql, row => (row.Long(0), row.Long(1)));
        return wrong == 0
            ? Finding.Fine(Check, string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(Rule[0])}{Rule[1..]} ({seen} looked at, {Rows})."))
            : new Finding(Check, FindingStatus.Fault, string.Create(CultureInfo.InvariantCulture, $"It must be that {Rule}; {wrong} of {seen} break it ({Rows})."),
                "This is a fault of Parley or of the disk. Make a backup now, keep it, and report the finding.");
    }
}
