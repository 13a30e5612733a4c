using System.Text.Json;
using Parley.Core.Meetings;
using Parley.Core.Messages;

namespace Parley.Storage.Stores;

internal sealed class MeetingStore(Session session) : IMeetingStore
{
    private const string Columns =
        """
        t.conversation_id, t.organization_id, t.name, t.topic, t.chain_length, t.limits, t.strategy, t.moderator, t.template, t.opening, t.roles, t.state, t.created_by,
        t.created_at, t.revision
        """;

    public void Add(Meeting meeting) => session.Queue(
        """
        insert into meetings (conversation_id, organization_id, name, topic, chain_length, limits, strategy, moderator, template, opening, roles, state, created_by, created_at, revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        meeting.Id, meeting.OrganizationId, meeting.Name, meeting.Topic, meeting.ChainLength, Json(meeting.Limits), Names<Strategy>.Of(meeting.Strategy), meeting.Moderator,
        meeting.Template, meeting.Opening, Json(meeting.Roles), Names<MeetingState>.Of(meeting.State), meeting.CreatedBy, meeting.CreatedAt, meeting.Revision);

    public void Update(Meeting meeting) => session.Queue(
        """
        update meetings set topic = $2, chain_length = $3, limits = $4, strategy = $5, moderator = $6, roles = $7, state = $8, revision = revision + 1
        where conversation_id = $1
        """,
        meeting.Id, meeting.Topic, meeting.ChainLength, Json(meeting.Limits), Names<Strategy>.Of(meeting.Strategy), meeting.Moderator, Json(meeting.Roles),
        Names<MeetingState>.Of(meeting.State));

    public ValueTask<Meeting?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} from meetings t where t.conversation_id = $1 and t.organization_id = $2", Meeting, id, organizationId);

    public ValueTask<Meeting?> FindAsync(Guid organizationId, string name) =>
        session.FirstAsync($"select {Columns} from meetings t where t.organization_id = $1 and t.name = $2", Meeting, organizationId, name);

    public ValueTask<List<Meeting>> ListAsync(Guid organizationId, Guid? agentId, MeetingState state, int limit) => agentId is { } agent
        ? session.ListAsync(
            $"""
            select {Columns} from conversation_members m join meetings t on t.conversation_id = m.conversation_id
            where m.agent_id = $1 and t.organization_id = $2 and t.state = $3 order by t.conversation_id desc limit $4
            """,
            Meeting, agent, organizationId, Names<MeetingState>.Of(state), limit)
        : session.ListAsync(
            $"select {Columns} from meetings t where t.organization_id = $1 and t.state = $2 order by t.conversation_id desc limit $3",
            Meeting, organizationId, Names<MeetingState>.Of(state), limit);

    public async ValueTask<int> CountAsync(Guid organizationId) =>
        await session.FirstAsync("select count(*) from meetings where organization_id = $1", row => row.Int(0), organizationId);

    // Walks back from the newest message; what an agent takes part in is seldom far.
    public async ValueTask<Message?> LastKnownAsync(Guid meetingId, Guid agentId) =>
        await session.FirstAsync(
            $"""
            select {MessageRow.Columns} from {MessageRow.From}
            where m.conversation_id = $1
                and (m.sender_id = $2 or exists (select 1 from deliveries d where d.message_id = m.id and d.agent_id = $2 and d.number is not null))
            order by m.number desc limit 1
            """,
            MessageRow.Read, meetingId, agentId)
        ?? await session.FirstAsync($"select {MessageRow.Columns} from {MessageRow.From} where m.conversation_id = $1 order by m.number desc limit 1", MessageRow.Read, meetingId);

    // A chain is younger than its root: where that is in the meeting, only what follows it is looked at.
    public async ValueTask<List<Message>> ChainAsync(Guid meetingId, Guid rootId, int limit)
    {
        var chain = await session.ListAsync(
            $"""
            select {MessageRow.Columns} from {MessageRow.From}
            where m.conversation_id = $1 and m.root_id = $2
                and m.number >= coalesce((select r.number from messages r where r.id = $2 and r.conversation_id = $1), 0)
            order by m.number desc limit $3
            """,
            MessageRow.Read, meetingId, rootId, limit);
        chain.Reverse();
        return chain;
    }

    public ValueTask<List<string>> WaitingAsync(Guid meetingId) => session.ListAsync(
        """
        select distinct a.name from conversation_members r
            join agents a on a.id = r.agent_id and a.removed_at is null
            join inboxes i on i.agent_id = r.agent_id
            join deliveries d on d.agent_id = r.agent_id and d.number > i.cursor and d.state in ('pending', 'offered')
            join messages m on m.id = d.message_id and m.conversation_id = $1
        where r.conversation_id = $1 order by a.name
        """,
        row => row.Text(0), meetingId);

    public ValueTask<List<TurnUse>> UseAsync(Guid meetingId) => session.ListAsync(
        """
        select a.name, count(*), cast(sum(t.input_tokens) as bigint), cast(sum(t.output_tokens) as bigint), cast(sum(t.cost) as bigint)
        from sessions s join turns t on t.session_id = s.id join agents a on a.id = s.agent_id
        where s.conversation_id = $1 and t.ended_at is not null group by a.name order by a.name
        """,
        row => new TurnUse(row.Text(0), row.Long(1), row.Long(2), row.Long(3), row.Long(4)), meetingId);

    private static string Json<T>(IReadOnlyDictionary<string, T> values) => values.Count == 0 ? "{}" : JsonSerializer.Serialize(values);

    private static Dictionary<string, T> Values<T>(string json) => JsonSerializer.Deserialize<Dictionary<string, T>>(json) ?? [];

    private static Meeting Meeting(Row row) => new()
    {
        Id = row.Guid(0),
        OrganizationId = row.Guid(1),
        Name = row.Text(2),
        Topic = row.Text(3),
        ChainLength = row.IntOrNull(4) ?? Core.Meetings.Meeting.DefaultChainLength,
        Limits = Values<int>(row.Text(5)),
        Strategy = Names<Strategy>.Parse(row.Text(6)),
        Moderator = row.TextOrNull(7),
        Template = row.TextOrNull(8),
        Opening = row.TextOrNull(9),
        Roles = Values<string>(row.Text(10)),
        State = Names<MeetingState>.Parse(row.Text(11)),
        CreatedBy = row.Text(12),
        CreatedAt = row.Time(13),
        Revision = row.Long(14),
    };
}
