using Parley.Core.Budgets;

namespace Parley.Core.Turns;

/// <summary>Reserves and settles what a turn's model calls use: on its root, and on the day of its organization, project and agent. Always in this order, so that two turns cannot block each other.</summary>
internal static class TurnLedger
{
    /// <summary>Reserves within a write. Returns the turn with its reservation, or why there is none; then nothing was written.</summary>
    public static async ValueTask<Reservation> ReserveAsync(IUnitOfWork unit, Turn turn, Amount amount, bool priced, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var root = (await unit.Budgets.RootAsync(turn.OrganizationId, turn.RootId))!;
        var limits = await unit.Budgets.DayLimitsAsync(turn.OrganizationId);
        if (!priced && (root.Limits.Ceiling.Cost is not null || limits.Exists(limit => limit.Ceiling.Cost is not null && Targets(turn).Contains((limit.Scope, limit.TargetId)))))
        {
            return new Reservation(ReservationKind.Unpriced, turn, $"The model '{turn.Model}' has no known price, and a budget of money applies.");
        }

        if (BudgetRules.Reserve(root.Account, root.Limits.Ceiling, amount) is not { } account)
        {
            return new Reservation(ReservationKind.RootSpent, turn, BudgetRules.Missing("The chain", root.Account, root.Limits.Ceiling, amount));
        }

        var spends = new List<DaySpend>();
        foreach (var (scope, id) in Targets(turn))
        {
            var spend = await unit.Budgets.SpendAsync(turn.OrganizationId, scope, id, day);
            var ceiling = limits.Find(limit => limit.Scope == scope && limit.TargetId == id)?.Ceiling ?? default;
            if (BudgetRules.Reserve(spend.Account, ceiling, amount) is not { } after)
            {
                return new Reservation(ReservationKind.DaySpent, turn, BudgetRules.Missing($"Today the {scope.ToString().ToLowerInvariant()}", spend.Account, ceiling, amount));
            }

            spends.Add(spend with { Account = after });
        }

        unit.Budgets.Save(root with { Account = account });
        spends.ForEach(unit.Budgets.Save);
        var reserved = turn with { Reserved = amount, ReservedDay = day };
        unit.Turns.Save(reserved);
        return new Reservation(ReservationKind.Made, reserved, "");
    }

    /// <summary>Ends the turn's reservation within a write and counts what was used. Returns the turn as it is then; the caller saves it.</summary>
    public static async ValueTask<Turn> SettleAsync(IUnitOfWork unit, Turn turn, Usage usage = default, long cost = 0)
    {
        if (turn.Reserved == default && usage == default)
        {
            return turn;
        }

        var used = new Amount(usage.Total, cost);
        var root = (await unit.Budgets.RootAsync(turn.OrganizationId, turn.RootId))!;
        unit.Budgets.Save(root with { Account = BudgetRules.Settle(root.Account, turn.Reserved, used) });
        foreach (var (scope, id) in Targets(turn))
        {
            var spend = await unit.Budgets.SpendAsync(turn.OrganizationId, scope, id, turn.ReservedDay);
            unit.Budgets.Save(spend with { Account = BudgetRules.Settle(spend.Account, turn.Reserved, used) });
        }

        return turn with { Reserved = default, Usage = turn.Usage + usage, Cost = turn.Cost + cost };
    }

    private static IEnumerable<(SpendScope Scope, Guid Id)> Targets(Turn turn)
    {
        yield return (SpendScope.Organization, turn.OrganizationId);
        if (turn.ProjectId is { } project)
        {
            yield return (SpendScope.Project, project);
        }

        yield return (SpendScope.Agent, turn.AgentId);
    }
}

/// <summary>What became of a reservation.</summary>
internal readonly record struct Reservation(ReservationKind Kind, Turn Turn, string Reason);

/// <summary>The ends of a reservation.</summary>
internal enum ReservationKind
{
    /// <summary>The model may be called.</summary>
    Made,

    /// <summary>The root has not enough left.</summary>
    RootSpent,

    /// <summary>A day has not enough left.</summary>
    DaySpent,

    /// <summary>The model has no price and money is limited.</summary>
    Unpriced,

    /// <summary>The session has not enough left.</summary>
    SessionSpent,
}
