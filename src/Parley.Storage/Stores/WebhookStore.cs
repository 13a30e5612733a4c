using Parley.Core.Messages;
using Parley.Core.Webhooks;

namespace Parley.Storage.Stores;

internal sealed class WebhookStore(Session session, bool writing) : IWebhookStore
{
    private const string Columns =
        """
        w.id, w.organization_id, w.name, w.agent_id, (select a.name from agents a where a.id = w.agent_id), (select count(*) from agents a where a.id = w.agent_id and a.removed_at is not null),
        w.url, w.events, w.preview, w.secret, w.old_secret, w.old_secret_until, w.created_by, (select u.name from users u where u.id = w.created_by), w.created_at, w.paused_at, w.paused_reason,
        w.position, w.calls, w.dead_in_row
        """;

    private const string CallColumns = "webhook_id, number, id, type, body, up_to, count, state, attempts, created_at, attempted_at, next_at, ended_at, status, reason, fence";

    private const string Untold =
        """
        t.organization_id = w.organization_id and t.resolved_at is null and t.at >= w.created_at
            and not exists (select 1 from webhook_notices n where n.webhook_id = w.id and n.attention_id = t.id)
        """;

    private string Lock => writing ? session.Dialect.ForUpdate : "";

    public void Add(Webhook webhook) => session.Queue(
        """
        insert into webhooks (id, organization_id, name, agent_id, url, events, preview, secret, old_secret, old_secret_until, created_by, created_at, paused_at, paused_reason, position, calls, dead_in_row)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        webhook.Id, webhook.OrganizationId, webhook.Name, webhook.AgentId, webhook.Url, (int)webhook.Events, webhook.Preview, webhook.Secret, webhook.OldSecret, webhook.OldSecretUntil,
        webhook.CreatedById, webhook.CreatedAt, webhook.PausedAt, webhook.PausedReason, webhook.Position, webhook.Calls, webhook.DeadInRow);

    public void Update(Webhook webhook) => session.Queue(
        "update webhooks set secret = $2, old_secret = $3, old_secret_until = $4, paused_at = $5, paused_reason = $6, position = $7, calls = $8, dead_in_row = $9 where id = $1",
        webhook.Id, webhook.Secret, webhook.OldSecret, webhook.OldSecretUntil, webhook.PausedAt, webhook.PausedReason, webhook.Position, webhook.Calls, webhook.DeadInRow);

    public void Remove(Guid id)
    {
        session.Queue("delete from webhook_notices where webhook_id = $1", id);
        session.Queue("delete from webhook_calls where webhook_id = $1", id);
        session.Queue("delete from webhooks where id = $1", id);
    }

    public ValueTask<Webhook?> FindAsync(Guid id) => session.FirstAsync($"select {Columns} from webhooks w where w.id = $1{Lock}", Webhook, id);

    public ValueTask<Webhook?> FindAsync(Guid organizationId, string name) =>
        session.FirstAsync($"select {Columns} from webhooks w where w.organization_id = $1 and w.name = $2{Lock}", Webhook, organizationId, name);

    public ValueTask<List<Webhook>> ListAsync(Guid organizationId, int limit) =>
        session.ListAsync($"select {Columns} from webhooks w where w.organization_id = $1 order by w.name limit $2", Webhook, organizationId, limit);

    public async ValueTask<int> CountAsync(Guid organizationId) => await session.FirstAsync("select count(*) from webhooks where organization_id = $1", row => row.Int(0), organizationId);

    public ValueTask<List<DueWebhook>> DueAsync(DateTimeOffset now, int limit) => session.ListAsync(
        $"""
        select w.id, w.secret from webhooks w
            left join agents a on a.id = w.agent_id left join inboxes i on i.agent_id = w.agent_id
            left join webhook_calls c on c.webhook_id = w.id and c.state = 'waiting'
        where w.paused_at is null and a.removed_at is null and case
                when c.number is not null then c.next_at <= $1 and c.lease_until <= {session.Dialect.Now}
                when w.agent_id is not null then i.head > w.position
                else exists (select 1 from attention t where {Untold}) end
            and not exists (select 1 from halts h
                where (h.scope = 'agent' and h.target_id = w.agent_id) or (h.scope = 'organization' and h.target_id = w.organization_id) or h.scope = 'server')
        order by c.next_at, w.id limit $2
        """,
        row => new DueWebhook(row.Guid(0), row.Text(1)), now, limit);

    public ValueTask<List<Guid>> WatchedAsync() => session.ListAsync("select distinct agent_id from webhooks where paused_at is null and agent_id is not null", row => row.Guid(0));

    public async ValueTask<WebhookNews> NewsAsync(Webhook webhook)
    {
        if (webhook.AgentId is not { } agent)
        {
            return new WebhookNews(0, 0, null, 0, await session.ListAsync(
                $"""
                select t.id, t.organization_id, t.kind, t.text, t.message_id, t.at, t.resolved_at from attention t, webhooks w
                where w.id = $1 and {Untold} order by t.at, t.id limit {WebhookRules.CallsKept}
                """,
                row => new Attention(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.GuidOrNull(4), row.Time(5), row.TimeOrNull(6)), webhook.Id));
        }

        const WebhookEvents Both = WebhookEvents.Message | WebhookEvents.Result;
        var kind = (webhook.Events & Both) == Both ? "" : webhook.Events.HasFlag(WebhookEvents.Result) ? " and m.type = 'result'" : " and m.type <> 'result'";
        return (await session.FirstAsync(
            $"""
            select i.head, i.cursor, n.newest, n.total from inboxes i,
                (select max(d.number) as newest, count(*) as total from deliveries d join messages m on m.id = d.message_id
                 where d.agent_id = $1 and d.number > (select case when i.cursor > $2 then i.cursor else $2 end from inboxes i where i.agent_id = $1)
                    and d.state in ('pending', 'offered'){kind}) n
            where i.agent_id = $1
            """,
            row => new WebhookNews(row.Long(0), row.Long(1), row.LongOrNull(2), row.Int(3), []), agent, webhook.Position))!;
    }

    public ValueTask<WebhookCall?> OpenCallAsync(Guid webhookId) =>
        session.FirstAsync($"select {CallColumns} from webhook_calls where webhook_id = $1 and state = 'waiting'", Call, webhookId);

    public ValueTask<WebhookCall?> FindCallAsync(Guid webhookId, long number) =>
        session.FirstAsync($"select {CallColumns} from webhook_calls where webhook_id = $1 and number = $2", Call, webhookId, number);

    public ValueTask<List<WebhookCall>> CallsAsync(Guid webhookId, long? before, int limit) => session.ListAsync(
        $"select {CallColumns} from webhook_calls where webhook_id = $1 and number < $2 order by number desc limit $3", Call, webhookId, before ?? long.MaxValue, limit);

    public void AddCall(WebhookCall call, int keep)
    {
        session.Queue(
            $"insert into webhook_calls ({CallColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            call.WebhookId, call.Number, call.Id, call.Type, call.Body, call.UpTo, call.Count, Names<WebhookCallState>.Of(call.State), call.Attempts, call.CreatedAt, call.AttemptedAt, call.NextAt,
            call.EndedAt, call.Status, call.Reason, call.Fence);
        session.Queue("delete from webhook_calls where webhook_id = $1 and number <= $2", call.WebhookId, call.Number - keep);
    }

    public void UpdateCall(WebhookCall call) => session.Queue(
        """
        update webhook_calls set state = $3, attempts = $4, attempted_at = $5, next_at = $6, ended_at = $7, status = $8, reason = $9, lease_until = 0 where webhook_id = $1 and number = $2
        """,
        call.WebhookId, call.Number, Names<WebhookCallState>.Of(call.State), call.Attempts, call.AttemptedAt, call.NextAt, call.EndedAt, call.Status, call.Reason);

    public async ValueTask<bool> ClaimAsync(WebhookCall call, TimeSpan time) => await session.ExecuteAsync(
        $"""
        update webhook_calls set lease_until = {session.Dialect.Now} + $3, fence = fence + 1
        where webhook_id = $1 and number = $2 and state = 'waiting' and lease_until <= {session.Dialect.Now}
        """,
        call.WebhookId, call.Number, time.Ticks / TimeSpan.TicksPerMicrosecond) == 1;

    public ValueTask<int> DropLeasesAsync() => session.ExecuteAsync("update webhook_calls set lease_until = 0, fence = fence + 1 where lease_until > 0");

    public void Note(Guid webhookId, IReadOnlyList<Guid> attention)
    {
        foreach (var id in attention)
        {
            session.Queue("insert into webhook_notices (webhook_id, attention_id) values ($1, $2) on conflict do nothing", webhookId, id);
        }
    }

    private static Webhook Webhook(Row row) => new()
    {
        Id = row.Guid(0),
        OrganizationId = row.Guid(1),
        Name = row.Text(2),
        AgentId = row.GuidOrNull(3),
        AgentName = row.TextOrNull(4),
        AgentRemoved = row.Long(5) > 0,
        Url = row.Text(6),
        Events = (WebhookEvents)row.Int(7),
        Preview = row.Bool(8),
        Secret = row.Text(9),
        OldSecret = row.TextOrNull(10),
        OldSecretUntil = row.TimeOrNull(11),
        CreatedById = row.Guid(12),
        CreatedBy = row.Text(13),
        CreatedAt = row.Time(14),
        PausedAt = row.TimeOrNull(15),
        PausedReason = row.TextOrNull(16),
        Position = row.Long(17),
        Calls = row.Long(18),
        DeadInRow = row.Int(19),
    };

    private static WebhookCall Call(Row row) => new()
    {
        WebhookId = row.Guid(0),
        Number = row.Long(1),
        Id = row.Guid(2),
        Type = row.Text(3),
        Body = row.Text(4),
        UpTo = row.Long(5),
        Count = row.Int(6),
        State = Names<WebhookCallState>.Parse(row.Text(7)),
        Attempts = row.Int(8),
        CreatedAt = row.Time(9),
        AttemptedAt = row.TimeOrNull(10),
        NextAt = row.TimeOrNull(11),
        EndedAt = row.TimeOrNull(12),
        Status = row.IntOrNull(13),
        Reason = row.TextOrNull(14),
        Fence = row.Long(15),
    };
}
