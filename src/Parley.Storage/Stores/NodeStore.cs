using Parley.Core.Nodes;

namespace Parley.Storage.Stores;

internal sealed class NodeStore(Session session, int schema) : INodeStore
{
    public async ValueTask<(DateTimeOffset Now, DateTimeOffset? DrainingSince)> BeatAsync(Node node) => await session.FirstAsync(
        $"""
        insert into nodes (id, name, version, address, started_at, seen_at, skew, turns, most_turns, connections, schema)
        values ($1, $2, $3, $4, $5, {session.Dialect.Now}, $6, $7, $8, $9, $10)
        on conflict (id) do update set seen_at = excluded.seen_at, skew = excluded.skew, turns = excluded.turns, most_turns = excluded.most_turns, connections = excluded.connections,
            address = excluded.address
        returning seen_at, draining_since
        """,
        row => (row.Time(0), row.TimeOrNull(1)),
        node.Id, node.Name, node.Version, node.Address, node.StartedAt, node.Skew.Ticks / TimeSpan.TicksPerMicrosecond, node.Load.Turns, node.Load.Most, node.Load.Connections, schema);

    public ValueTask<List<NodeOverview>> ListAsync() => session.ListAsync(
        $"""
        select n.id, n.name, n.version, n.address, n.started_at, n.seen_at, n.skew, n.turns, n.most_turns, n.connections, n.draining_since, {session.Dialect.Now} - n.seen_at,
            (select count(*) from sessions s where s.node = n.name and s.turn_id is not null and s.lease_until > {session.Dialect.Now})
        from nodes n order by n.name, n.started_at
        """,
        row => new NodeOverview(
            new Node(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4))
            {
                SeenAt = row.Time(5),
                Skew = TimeSpan.FromMicroseconds(row.Long(6)),
                Load = new NodeLoad(row.Int(7), row.Int(8), row.Int(9)),
                DrainingSince = row.TimeOrNull(10),
            },
            TimeSpan.FromMicroseconds(row.Long(11)), row.Int(12)));

    public void Drain(Guid id, DateTimeOffset? since) => session.Queue("update nodes set draining_since = $2 where id = $1", id, since);

    public void Remove(Guid id) => session.Queue("delete from nodes where id = $1", id);

    public void Forget(TimeSpan silence) =>
        session.Queue($"delete from nodes where seen_at < {session.Dialect.Now} - $1", silence.Ticks / TimeSpan.TicksPerMicrosecond);
}
