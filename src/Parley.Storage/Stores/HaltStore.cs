using Parley.Core.Organizations;

namespace Parley.Storage.Stores;

internal sealed class HaltStore(Session session) : IHaltStore
{
    public void Set(Halt halt) => session.Queue(
        """
        insert into halts (scope, target_id, organization_id, reason, by_name, at) values ($1, $2, $3, $4, $5, $6)
        on conflict (scope, target_id) do update set reason = excluded.reason, by_name = excluded.by_name, at = excluded.at
        """,
        Names<HaltScope>.Of(halt.Scope), halt.TargetId, halt.OrganizationId, halt.Reason, halt.By, halt.At);

    public async ValueTask<bool> ClearAsync(HaltScope scope, Guid targetId) =>
        await session.ExecuteAsync("delete from halts where scope = $1 and target_id = $2", Names<HaltScope>.Of(scope), targetId) > 0;

    public ValueTask<List<Halt>> ListAsync() => session.ListAsync(
        "select scope, target_id, organization_id, reason, by_name, at from halts order by at",
        row => new Halt(Names<HaltScope>.Parse(row.Text(0)), row.Guid(1), row.Guid(2), row.Text(3), row.Text(4), row.Time(5)));
}
