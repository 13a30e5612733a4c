using Parley.Core.Permissions;

namespace Parley.Storage.Stores;

internal sealed class PermissionStore(Session session) : IPermissionStore
{
    private const string Columns =
        "p.id, p.organization_id, p.agent_id, a.name, p.session_id, p.turn_id, p.title, p.kind, p.detail, p.state, p.decided_by, p.created_at, p.expires_at, p.decided_at";

    private const string From = "from permissions p join agents a on a.id = p.agent_id";

    public void Add(Permission permission) => session.Queue(
        """
        insert into permissions (id, organization_id, agent_id, session_id, turn_id, title, kind, detail, state, decided_by, created_at, expires_at, decided_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        permission.Id, permission.OrganizationId, permission.AgentId, permission.SessionId, permission.TurnId, permission.Title, permission.Kind, permission.Detail,
        Names<PermissionState>.Of(permission.State), permission.DecidedBy, permission.CreatedAt, permission.ExpiresAt, permission.DecidedAt);

    public ValueTask<Permission?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} {From} where p.organization_id = $1 and p.id = $2", Read, organizationId, id);

    public ValueTask<List<Permission>> ListAsync(Guid organizationId, bool all, int limit) => session.ListAsync(
        $"select {Columns} {From} where p.organization_id = $1 {(all ? "order by p.created_at desc, p.id desc" : "and p.state = 'open' order by p.created_at, p.id")} limit $2",
        Read, organizationId, limit);

    public ValueTask<List<Permission>> OfSessionAsync(Guid sessionId) =>
        session.ListAsync($"select {Columns} {From} where p.session_id = $1 and p.state = 'open' order by p.created_at, p.id", Read, sessionId);

    public async ValueTask<bool> DecideAsync(Guid id, PermissionState state, string? by, DateTimeOffset at) => await session.ExecuteAsync(
        "update permissions set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state = 'open'", id, Names<PermissionState>.Of(state), by, at) > 0;

    private static Permission Read(Row row) => new(
        row.Guid(0), row.Guid(1), row.Guid(2), row.Text(3), row.Guid(4), row.Guid(5), row.Text(6), row.Text(7), row.Text(8), Names<PermissionState>.Parse(row.Text(9)),
        row.TextOrNull(10), row.Time(11), row.Time(12), row.TimeOrNull(13));
}
