using Parley.Core.Organizations;

namespace Parley.Storage.Stores;

internal sealed class AuditStore(Session session) : IAuditStore
{
    public void Append(AuditEntry entry) => session.Queue(
        "insert into audit (at, organization_id, actor, action, target, decision, details) values ($1, $2, $3, $4, $5, $6, $7)",
        entry.At, entry.OrganizationId, entry.Actor, entry.Action, entry.Target, entry.Decision, entry.Details);

    public ValueTask<List<AuditEntry>> ListAsync(Guid organizationId, int limit) => session.ListAsync(
        "select at, organization_id, actor, action, target, decision, details from audit where organization_id = $1 order by number desc limit $2",
        row => new AuditEntry(row.Time(0), row.Guid(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6)),
        organizationId, limit);
}
