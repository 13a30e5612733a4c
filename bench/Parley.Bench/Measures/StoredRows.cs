using System.Globalization;

namespace Parley.Bench.Measures;

/// <summary>
/// Fills the database file of a stopped server with messages in #general from `sender` to `reader`, as if they had been sent one by one: numbers, heads
/// and the search index agree. The reader has acknowledged all but the last thousand.
/// </summary>
static class StoredRows
{
    const string Script = """
        pragma journal_mode = off;
        pragma synchronous = off;
        pragma cache_size = -500000;
        begin;
        with recursive n(i) as (select 1 union all select i + 1 from n where i < ROWS)
        insert into messages (id, organization_id, conversation_id, number, project_id, sender_kind, sender_id, sender_name, sender_type, type, content, metadata, mentions,
            root_id, depth, withheld, verdict, created_at)
        select cast(printf('%016x', i) as blob), k.organization_id, k.conversation_id, i, k.project_id, 'agent', k.sender_id, 'sender', '', 'chat',
            printf('message %d ', i) || substr(hex(zeroblob(100)), 1, 180), '{}', '[]', cast(printf('%016x', i) as blob), 0, 'no', 'accepted', 1700000000000000 + i * 1000
        from n, (select c.organization_id, c.id as conversation_id, c.project_id, a.id as sender_id
            from conversations c, agents a where c.name = 'general' and a.name = 'sender') k;
        insert into deliveries (message_id, agent_id, number, state, accepted_at, released_at, acknowledged_at)
        select m.id, a.id, m.number, iif(m.number > ROWS - 1000, 'pending', 'acknowledged'), m.created_at, m.created_at, iif(m.number > ROWS - 1000, null, m.created_at)
        from messages m, agents a where a.name = 'reader' order by m.id;
        update conversations set head = ROWS where name = 'general';
        update inboxes set head = ROWS, cursor = ROWS - 1000 where agent_id = (select id from agents where name = 'reader');
        insert into message_search (rowid, content) select seq, content from messages where seq > coalesce((select value from store where key = 'search_seq'), 0);
        insert into store (key, value) select 'search_seq', max(seq) from messages where true on conflict (key) do update set value = excluded.value;
        commit;
        """;

    public static string Of(int rows) => Script.Replace("ROWS", rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
