using Parley.Core.Messages;

namespace Parley.Storage.Stores;

internal sealed class ObligationStore(Session session) : IObligationStore
{
    private const string Columns = "o.message_id, o.organization_id, o.agent_id, a.name, o.created_at, o.reply_by, o.reminded_at";

    public void Add(Obligation obligation) => session.Queue(
        "insert into obligations (message_id, organization_id, agent_id, created_at, reply_by, remind_at, reminded_at) values ($1, $2, $3, $4, $5, $6, $7)",
        obligation.MessageId, obligation.OrganizationId, obligation.AgentId, obligation.CreatedAt, obligation.ReplyBy, ObligationRules.RemindAt(obligation), obligation.RemindedAt);

    public void End(Guid messageId, Guid agentId) => session.Queue("delete from obligations where message_id = $1 and agent_id = $2", messageId, agentId);

    public ValueTask<Obligation?> FindAsync(Guid messageId, Guid agentId) => session.FirstAsync(
        $"select {Columns} from obligations o join agents a on a.id = o.agent_id where o.message_id = $1 and o.agent_id = $2" + (session.Dialect.IsPostgres ? " for update of o" : ""),
        Obligation, messageId, agentId);

    public ValueTask<List<Obligation>> DueAsync(DateTimeOffset now, int limit) => session.ListAsync(
        $"select {Columns} from obligations o join agents a on a.id = o.agent_id where o.remind_at <= $1 order by o.remind_at limit $2", Obligation, now, limit);

    public ValueTask<List<Obligation>> ListAsync(Guid organizationId, int limit) => session.ListAsync(
        $"select {Columns} from obligations o join agents a on a.id = o.agent_id where o.organization_id = $1 order by o.reply_by limit $2", Obligation, organizationId, limit);

    public void Remind(Guid messageId, Guid agentId, DateTimeOffset at) =>
        session.Queue("update obligations set reminded_at = $3, remind_at = reply_by where message_id = $1 and agent_id = $2", messageId, agentId, at);

    public void Raise(Attention attention) => session.Queue(
        "insert into attention (id, organization_id, kind, text, message_id, at, resolved_at) values ($1, $2, $3, $4, $5, $6, $7)",
        attention.Id, attention.OrganizationId, attention.Kind, attention.Text, attention.MessageId, attention.At, attention.ResolvedAt);

    public ValueTask<List<Attention>> AttentionAsync(Guid organizationId, int limit) => session.ListAsync(
        "select id, organization_id, kind, text, message_id, at, resolved_at from attention where organization_id = $1 and resolved_at is null order by at limit $2",
        row => new Attention(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.GuidOrNull(4), row.Time(5), row.TimeOrNull(6)),
        organizationId, limit);

    public async ValueTask<bool> ResolveAsync(Guid organizationId, Guid id, DateTimeOffset at) => await session.ExecuteAsync(
        "update attention set resolved_at = $3 where organization_id = $1 and id = $2 and resolved_at is null", organizationId, id, at) > 0;

    private static Obligation Obligation(Row row) =>
        new(row.Guid(0), row.Guid(1), row.Guid(2), row.Text(3), row.Time(4), row.Time(5), row.TimeOrNull(6));
}
