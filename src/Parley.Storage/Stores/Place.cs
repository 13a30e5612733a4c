namespace Parley.Storage.Stores;

/// <summary>
/// To which session of its recipient a delivery <c>d</c> of the message <c>m</c> in the conversation <c>c</c> belongs: that of a meeting, that which was spawned, the
/// parent's for what a spawned session itself has said, and the main session (null) for everything else.
/// </summary>
internal static class Place
{
    public const string Join = "left join subagents x on x.conversation_id = c.id";

    public const string Of =
        """
        (case when c.kind = 'meeting' then c.id when x.session_id is null then null
            when m.session_id = x.session_id then (select p.conversation_id from sessions p where p.id = x.parent_session_id) else c.id end)
        """;

    /// <summary>A session that waits in the queue gets nothing yet; the results of what one turn has spawned are handed over together.</summary>
    public const string Ready =
        """
        (x.session_id is null or case
            when m.session_id = x.session_id and m.type = 'result'
                then not exists (select 1 from subagents y where y.parent_turn_id = x.parent_turn_id and y.state in ('queued', 'running') and y.ended_at is null)
            when m.session_id = x.session_id then 1 = 1
            else x.state = 'running' end)
        """;
}
