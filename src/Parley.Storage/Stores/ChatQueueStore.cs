using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Storage.Stores;

/// <summary>The queue of the SQL door. Only PostgreSQL has one.</summary>
internal sealed class ChatQueueStore(Session session) : IChatQueueStore
{
    public ValueTask<List<QueuedChat>> WaitingAsync(int limit) => session.Dialect.IsPostgres
        ? session.ListAsync(
            """
            select q.id, q.organization_id, q.agent_id, a.name, q.message, array_to_json(q.mentions)::text
            from parley_sql.chat_inbox q join agents a on a.id = q.agent_id where q.state = 'queued' order by q.id limit $1
            """,
            row => new QueuedChat(row.Long(0), row.Guid(1), row.Guid(2), row.Text(3), row.Text(4), MessageRow.ReadList(row.Text(5))), limit)
        : ValueTask.FromResult<List<QueuedChat>>([]);

    public async ValueTask<bool> TakeAsync(long id) => await session.ExecuteAsync("delete from parley_sql.chat_inbox where id = $1 and state = 'queued'", id) > 0;

    public async ValueTask<bool> RefuseAsync(long id, ParleyError error, DateTimeOffset at, DateTimeOffset forgetBefore)
    {
        session.Queue("delete from parley_sql.chat_inbox where state = 'refused' and refused_at < $1", forgetBefore);
        return await session.ExecuteAsync(
            "update parley_sql.chat_inbox set state = 'refused', code = $2, reason = $3, fix = $4, refused_at = $5 where id = $1 and state = 'queued'",
            id, error.Code.Name, error.Message, error.Fix, at) > 0;
    }
}
