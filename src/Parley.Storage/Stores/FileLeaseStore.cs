using System.Text.Json;
using Parley.Core.Channels;

namespace Parley.Storage.Stores;

internal sealed class FileLeaseStore(Session session, bool writing) : IFileLeaseStore
{
    private const string Select =
        """
        select f.id, f.organization_id, f.project_id, f.agent_id, a.name, f.paths, f.exclusive, f.note, f.created_at, f.expires_at, f.released_at
        from file_leases f join agents a on a.id = f.agent_id
        """;

    public void Add(FileLease lease) => session.Queue(
        """
        insert into file_leases (id, organization_id, project_id, agent_id, paths, exclusive, note, created_at, expires_at, released_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        lease.Id, lease.OrganizationId, lease.ProjectId, lease.AgentId, JsonSerializer.Serialize(lease.Paths), lease.Exclusive, lease.Note, lease.CreatedAt, lease.ExpiresAt,
        lease.ReleasedAt);

    public void Extend(Guid id, DateTimeOffset expiresAt) => session.Queue("update file_leases set expires_at = $2 where id = $1", id, expiresAt);

    public void Release(Guid id, DateTimeOffset at) => session.Queue("update file_leases set released_at = $2 where id = $1", id, at);

    public ValueTask<FileLease?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync(Select + " where f.id = $1 and f.organization_id = $2", Lease, id, organizationId);

    public async ValueTask<List<FileLease>> ActiveAsync(Guid projectId, DateTimeOffset now)
    {
        if (writing && session.Dialect.IsPostgres)
        {
            // Two announcements at once must see each other: the project's row stands for its leases.
            await session.FirstAsync("select id from projects where id = $1 for update", row => row.Guid(0), projectId);
        }

        return await session.ListAsync(Select + " where f.project_id = $1 and f.released_at is null and f.expires_at > $2 order by f.created_at", Lease, projectId, now);
    }

    private static FileLease Lease(Row row) => new(
        row.Guid(0), row.Guid(1), row.Guid(2), row.Guid(3), row.Text(4), JsonSerializer.Deserialize<List<string>>(row.Text(5)) ?? [], row.Bool(6), row.Text(7), row.Time(8),
        row.Time(9), row.TimeOrNull(10));
}
