using Parley.Core.Budgets;

namespace Parley.Storage.Stores;

internal sealed class BudgetStore(Session session, bool writing) : IBudgetStore
{
    private const string RootScope = "root";

    private const string Columns =
        "id, organization_id, max_depth, max_turns, max_tokens, max_cost, turns, tokens, cost, reserved_tokens, reserved_cost, created_at, stopped_at, reason";

    private const string SpendColumns = "organization_id, scope, target_id, day, tokens, cost, reserved_tokens, reserved_cost";

    public void Add(Root root) => session.Queue(
        "insert into roots (id, organization_id, max_depth, max_turns, max_tokens, max_cost, created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        root.Id, root.OrganizationId, root.Limits.MaxDepth, root.Limits.MaxTurns, root.Limits.Ceiling.Tokens, root.Limits.Ceiling.Cost, root.CreatedAt);

    public ValueTask<Root?> RootAsync(Guid organizationId, Guid id) => session.FirstAsync(
        $"select {Columns} from roots where id = $1 and organization_id = $2{(writing ? session.Dialect.ForUpdate : "")}", RootOf, id, organizationId);

    public void Save(Root root) => session.Queue(
        "update roots set turns = $2, tokens = $3, cost = $4, reserved_tokens = $5, reserved_cost = $6, stopped_at = $7, reason = $8 where id = $1",
        root.Id, root.Turns, root.Account.Spent.Tokens, root.Account.Spent.Cost, root.Account.Reserved.Tokens, root.Account.Reserved.Cost, root.StoppedAt, root.Reason);

    public void Deepen(Guid id, int maxDepth) => session.Queue("update roots set max_depth = $2 where id = $1 and max_depth < $2", id, maxDepth);

    public ValueTask<List<Root>> RootsAsync(Guid organizationId, int limit) =>
        session.ListAsync($"select {Columns} from roots where organization_id = $1 order by created_at desc, id desc limit $2", RootOf, organizationId, limit);

    public async ValueTask<DaySpend> SpendAsync(Guid organizationId, SpendScope scope, Guid targetId, DateOnly day)
    {
        var name = Names<SpendScope>.Of(scope);
        if (writing)
        {
            // A row that is not there cannot be locked.
            session.Queue(
                "insert into spend (organization_id, scope, target_id, day) values ($1, $2, $3, $4) on conflict do nothing", organizationId, name, targetId, day.DayNumber);
        }

        var sql = $"select {SpendColumns} from spend where scope = $1 and target_id = $2 and day = $3{(writing ? session.Dialect.ForUpdate : "")}";
        return await session.FirstAsync(sql, SpendOf, name, targetId, day.DayNumber) ?? new DaySpend(organizationId, scope, targetId, day, default);
    }

    public void Save(DaySpend spend) => session.Queue(
        "update spend set tokens = $4, cost = $5, reserved_tokens = $6, reserved_cost = $7 where scope = $1 and target_id = $2 and day = $3",
        Names<SpendScope>.Of(spend.Scope), spend.TargetId, spend.Day.DayNumber, spend.Account.Spent.Tokens, spend.Account.Spent.Cost,
        spend.Account.Reserved.Tokens, spend.Account.Reserved.Cost);

    public ValueTask<List<DaySpend>> SpendsAsync(Guid organizationId, DateOnly day) => session.ListAsync(
        $"select {SpendColumns} from spend where organization_id = $1 and day = $2 order by scope, target_id", SpendOf, organizationId, day.DayNumber);

    public ValueTask<RootLimits?> RootLimitsAsync(Guid organizationId) => session.FirstAsync(
        "select max_depth, max_turns, max_tokens, max_cost from budgets where scope = $1 and target_id = $2",
        row => new RootLimits(row.Int(0), row.Int(1), new Ceiling(row.LongOrNull(2), row.LongOrNull(3))), RootScope, organizationId);

    public void SetRootLimits(Guid organizationId, RootLimits limits) =>
        Set(organizationId, RootScope, organizationId, limits.MaxDepth, limits.MaxTurns, limits.Ceiling);

    public ValueTask<List<DayLimit>> DayLimitsAsync(Guid organizationId) => session.ListAsync(
        "select scope, target_id, max_tokens, max_cost from budgets where organization_id = $1 and scope <> $2 order by scope, target_id",
        row => new DayLimit(Names<SpendScope>.Parse(row.Text(0)), row.Guid(1), new Ceiling(row.LongOrNull(2), row.LongOrNull(3))), organizationId, RootScope);

    public void SetDayLimit(Guid organizationId, DayLimit limit)
    {
        if (limit.Ceiling.IsSet)
        {
            Set(organizationId, Names<SpendScope>.Of(limit.Scope), limit.TargetId, null, null, limit.Ceiling);
        }
        else
        {
            session.Queue("delete from budgets where scope = $1 and target_id = $2", Names<SpendScope>.Of(limit.Scope), limit.TargetId);
        }
    }

    private void Set(Guid organizationId, string scope, Guid targetId, int? depth, int? turns, Ceiling ceiling) => session.Queue(
        """
        insert into budgets (organization_id, scope, target_id, max_depth, max_turns, max_tokens, max_cost) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (scope, target_id) do update set max_depth = excluded.max_depth, max_turns = excluded.max_turns, max_tokens = excluded.max_tokens, max_cost = excluded.max_cost
        """,
        organizationId, scope, targetId, depth, turns, ceiling.Tokens, ceiling.Cost);

    private static Root RootOf(Row row) => new(
        row.Guid(0), row.Guid(1), new RootLimits(row.Int(2), row.Int(3), new Ceiling(row.LongOrNull(4), row.LongOrNull(5))), row.Int(6), AccountAt(row, 7),
        row.Time(11), row.TimeOrNull(12), row.TextOrNull(13));

    private static DaySpend SpendOf(Row row) =>
        new(row.Guid(0), Names<SpendScope>.Parse(row.Text(1)), row.Guid(2), DateOnly.FromDayNumber(row.Int(3)), AccountAt(row, 4));

    private static Account AccountAt(Row row, int i) => new(new Amount(row.Long(i), row.Long(i + 1)), new Amount(row.Long(i + 2), row.Long(i + 3)));
}
