using System.Text.Json;
using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Storage.Stores;

internal sealed class TurnStore(Session session) : ITurnStore
{
    private const string Columns =
        """
        t.id, t.organization_id, t.session_id, t.agent_id, t.root_id, t.depth, t.project_id, t.conversation_id, t.state, t.model, t.calls_failed, t.fallback, t.takeovers,
        t.input_tokens, t.cached_tokens, t.output_tokens, t.cost, t.reserved_tokens, t.reserved_cost, t.reserved_day, t.warnings, t.reason, t.created_at, t.ended_at
        """;

    private const string Items = $"select {MessageRow.Columns}, d.number, d.state, d.attempts from deliveries d join messages m on m.id = d.message_id join conversations c on c.id = m.conversation_id";

    private const string InsertInput = "insert into turn_inputs (turn_id, agent_id, message_id, number, root_id, step) values ($1, $2, $3, $4, $5, $6)";

    public void Add(Turn turn, IReadOnlyList<TurnInput> inputs)
    {
        session.Queue(
            """
            insert into turns (id, organization_id, session_id, agent_id, root_id, depth, project_id, conversation_id, state, model, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            turn.Id, turn.OrganizationId, turn.SessionId, turn.AgentId, turn.RootId, turn.Depth, turn.ProjectId, turn.ConversationId, Names<TurnState>.Of(turn.State), turn.Model,
            turn.CreatedAt);
        foreach (var input in inputs)
        {
            Join(turn, input);
        }
    }

    public void Join(Turn turn, TurnInput input) => session.Queue(InsertInput, turn.Id, turn.AgentId, input.MessageId, input.Number, input.RootId, input.Step);

    public ValueTask<Turn?> FindAsync(Guid id) => session.FirstAsync($"select {Columns} from turns t where t.id = $1", TurnOf, id);

    public void Save(Turn turn) => session.Queue(
        """
        update turns set state = $2, model = $3, calls_failed = $4, fallback = $5, takeovers = $6, input_tokens = $7, cached_tokens = $8, output_tokens = $9, cost = $10,
            reserved_tokens = $11, reserved_cost = $12, reserved_day = $13, warnings = $14, reason = $15, ended_at = $16, conversation_id = $17
        where id = $1
        """,
        turn.Id, Names<TurnState>.Of(turn.State), turn.Model, turn.CallsFailed, turn.Fallback, turn.Takeovers, turn.Usage.Input, turn.Usage.CachedInput, turn.Usage.Output, turn.Cost,
        turn.Reserved.Tokens, turn.Reserved.Cost, turn.ReservedDay.DayNumber, JsonSerializer.Serialize(turn.Warnings), turn.Reason, turn.EndedAt, turn.ConversationId);

    public ValueTask<List<TurnInput>> InputsAsync(Guid turnId) => session.ListAsync(
        "select message_id, number, root_id, step from turn_inputs where turn_id = $1 order by number", row => new TurnInput(row.Guid(0), row.Long(1), row.Guid(2), row.Int(3)), turnId);

    public ValueTask<List<TurnStep>> StepsAsync(Guid turnId) => session.ListAsync(
        "select number, model, text, calls, finish, input_tokens, cached_tokens, output_tokens, cost, results, at, followup, own_calls from turn_steps where turn_id = $1 order by number", StepOf, turnId);

    public void AddStep(Guid turnId, TurnStep step) => session.Queue(
        """
        insert into turn_steps (turn_id, number, model, text, calls, finish, input_tokens, cached_tokens, output_tokens, cost, results, at, followup, own_calls)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        turnId, step.Number, step.Model, step.Answer.Text, JsonSerializer.Serialize(step.Answer.ToolCalls), Names<FinishReason>.Of(step.Answer.Finish), step.Answer.Usage.Input,
        step.Answer.Usage.CachedInput, step.Answer.Usage.Output, step.Cost, step.Results is null ? null : JsonSerializer.Serialize(step.Results), step.At,
        step.Followup, step.Answer.OwnCalls.Count == 0 ? null : JsonSerializer.Serialize(step.Answer.OwnCalls));

    public void SaveResults(Guid turnId, int step, IReadOnlyList<ToolResult> results) =>
        session.Queue("update turn_steps set results = $3 where turn_id = $1 and number = $2", turnId, step, JsonSerializer.Serialize(results));

    public ValueTask<List<InboxItem>> UnreadAsync(Guid agentId, Guid? conversationId, int limit) => UnreadAsync(agentId, conversationId, limit, "1 = 1");

    public ValueTask<List<InboxItem>> ReadyAsync(Guid agentId, Guid? conversationId, int limit) => UnreadAsync(agentId, conversationId, limit, Place.Ready);

    private ValueTask<List<InboxItem>> UnreadAsync(Guid agentId, Guid? conversationId, int limit, string which) => session.ListAsync(
        $"""
        {Items} {Place.Join}
        where d.agent_id = $1 and d.number > (select i.cursor from inboxes i where i.agent_id = $1) and d.state in ('pending', 'offered')
            and {Place.Of} {(conversationId is null ? "is null" : "= $3")} and {which}
        order by d.number limit $2
        """,
        Item, conversationId is { } place ? [agentId, limit, place] : [agentId, limit]);

    public ValueTask<List<InboxItem>> ItemsAsync(Guid agentId, Guid turnId) => session.ListAsync(
        $"{Items} join turn_inputs t on t.message_id = d.message_id where t.turn_id = $2 and d.agent_id = $1 and d.number is not null order by d.number", Item, agentId, turnId);

    public void Offer(Guid agentId, Guid messageId, DateTimeOffset at) => session.Queue(
        """
        update deliveries set state = 'offered', offered_at = $3, attempts = attempts + 1
        where agent_id = $1 and message_id = $2 and state in ('pending', 'offered')
        """,
        agentId, messageId, at);

    public void Acknowledge(Guid agentId, Guid messageId, string? reason, DateTimeOffset at) => session.Queue(
        """
        update deliveries set state = case when state = 'replied' then state else 'acknowledged' end, acknowledged_at = $3, reason = $4
        where agent_id = $1 and message_id = $2 and state in ('pending', 'offered', 'replied') and acknowledged_at is null
        """,
        agentId, messageId, at, reason);

    public void AdvanceCursor(Guid agentId) => session.Queue(
        """
        update inboxes set cursor = coalesce(
            (select min(d.number) - 1 from deliveries d where d.agent_id = inboxes.agent_id and d.number > inboxes.cursor and d.state in ('pending', 'offered')), head)
        where agent_id = $1
        """,
        agentId);

    public async ValueTask<int> FailuresAsync(Guid agentId, long number) => await session.FirstAsync(
        "select count(*) from turn_inputs i join turns t on t.id = i.turn_id where i.agent_id = $1 and i.number = $2 and t.state = 'failed'", row => row.Int(0), agentId, number);

    public ValueTask<List<Turn>> OfRootAsync(Guid organizationId, Guid rootId) => session.ListAsync(
        $"""
        select {Columns} from turns t
        where t.organization_id = $1 and (t.root_id = $2 or t.id in (select i.turn_id from turn_inputs i where i.root_id = $2)) order by t.created_at, t.id limit 10000
        """,
        TurnOf, organizationId, rootId);

    public ValueTask<List<Turn>> OfSessionAsync(Guid sessionId) =>
        session.ListAsync($"select {Columns} from turns t where t.session_id = $1 order by t.created_at, t.id limit 10000", TurnOf, sessionId);

    public ValueTask<List<OwnedTurn>> OwnedAsync(Guid organizationId, int limit) => session.ListAsync(
        $"""
        select {Columns}, a.name, s.node from sessions s join turns t on t.id = s.turn_id join agents a on a.id = t.agent_id
        where s.turn_id is not null and s.lease_until > {session.Dialect.Now} and s.organization_id = $1 order by t.created_at, t.id limit $2
        """,
        row => new OwnedTurn(TurnOf(row), row.Text(24), row.TextOrNull(25)), organizationId, limit);

    public ValueTask<List<SpendLine>> SpendAsync(Guid organizationId, SpendKey by, DateTimeOffset since, Guid? agentId, int limit)
    {
        var (key, join) = by switch
        {
            SpendKey.Agent => ("a.name", "join agents a on a.id = t.agent_id"),
            SpendKey.Model => ("p.model", ""),
            SpendKey.Day => ("p.at / 86400000000", ""),
            SpendKey.Session => ("s.key", "join sessions s on s.id = t.session_id"),
            SpendKey.Root => ("t.root_id", ""),
            _ => ("j.name", "left join projects j on j.id = t.project_id"),
        };
        return session.ListAsync(
            $"""
            select {key}, count(distinct t.id), count(*), cast(sum(p.input_tokens) as bigint), cast(sum(p.cached_tokens) as bigint), cast(sum(p.output_tokens) as bigint),
                cast(sum(p.cost) as bigint)
            from turn_steps p join turns t on t.id = p.turn_id {join}
            where p.at >= $2 and t.organization_id = $1{(agentId is null ? "" : " and t.agent_id = $4")}
            group by {key} order by {(by == SpendKey.Day ? "1" : "7 desc, 4 desc, 1")} limit $3
            """,
            row => new SpendLine(KeyOf(row, by), row.Long(1), row.Long(2), new Usage(row.Long(3), row.Long(4), row.Long(5)), row.Long(6)),
            agentId is { } agent ? [organizationId, since, limit, agent] : [organizationId, since, limit]);
    }

    private static string KeyOf(Row row, SpendKey by) => by switch
    {
        SpendKey.Day => DateTimeOffset.UnixEpoch.AddDays(row.Long(0)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        SpendKey.Root => row.Guid(0).ToString(),
        _ => row.TextOrNull(0) ?? "",
    };

    // The keys of a turn's messages begin with its id.
    public ValueTask<List<Message>> SentAsync(Turn turn) => session.ListAsync(
        $"select {MessageRow.Columns} from {MessageRow.From} where m.sender_id = $1 and m.key >= $2 and m.key < $3 order by m.id",
        MessageRow.Read, turn.AgentId, TurnKeys.Begin(turn.Id), TurnKeys.End(turn.Id));

    private static InboxItem Item(Row row) => new(
        row.Long(MessageRow.Count), Names<DeliveryState>.Parse(row.Text(MessageRow.Count + 1)), row.Int(MessageRow.Count + 2), MessageRow.Read(row));

    private static TurnStep StepOf(Row row) => new(
        row.Int(0), row.Text(1),
        new RuntimeAnswer(
            row.Text(2), JsonSerializer.Deserialize<ToolCall[]>(row.Text(3)) ?? [], new Usage(row.Long(5), row.Long(6), row.Long(7)), Names<FinishReason>.Parse(row.Text(4)))
        {
            OwnCalls = row.TextOrNull(12) is { } calls ? JsonSerializer.Deserialize<OwnCall[]>(calls) ?? [] : [],
        },
        row.Long(8), row.TextOrNull(9) is { } results ? JsonSerializer.Deserialize<ToolResult[]>(results) : null, row.Time(10), row.TextOrNull(11));

    private static Turn TurnOf(Row row) => new()
    {
        Id = row.Guid(0),
        OrganizationId = row.Guid(1),
        SessionId = row.Guid(2),
        AgentId = row.Guid(3),
        RootId = row.Guid(4),
        Depth = row.Int(5),
        ProjectId = row.GuidOrNull(6),
        ConversationId = row.GuidOrNull(7),
        State = Names<TurnState>.Parse(row.Text(8)),
        Model = row.Text(9),
        CallsFailed = row.Int(10),
        Fallback = row.Bool(11),
        Takeovers = row.Int(12),
        Usage = new Usage(row.Long(13), row.Long(14), row.Long(15)),
        Cost = row.Long(16),
        Reserved = new Amount(row.Long(17), row.Long(18)),
        ReservedDay = DateOnly.FromDayNumber(row.Int(19)),
        Warnings = JsonSerializer.Deserialize<string[]>(row.Text(20)) ?? [],
        Reason = row.TextOrNull(21),
        CreatedAt = row.Time(22),
        EndedAt = row.TimeOrNull(23),
    };
}
