using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>The budgets of an organization and what was used today.</summary>
/// <param name="Roots">The bounds of every new chain.</param>
/// <param name="Days">Whoever has a limit of a day or used something today.</param>
public sealed record BudgetOverview(RootLimits Roots, IReadOnlyList<DayUse> Days);

/// <summary>One of them.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ceiling">The limit of a day.</param>
/// <param name="Account">What was used today.</param>
public sealed record DayUse(SpendScope Scope, string Name, Ceiling Ceiling, Account Account);

/// <summary>What a person changes; null leaves it.</summary>
/// <param name="Roots">The bounds of every new chain.</param>
/// <param name="Scope">Whose day is limited.</param>
/// <param name="Target">Its name; null for the organization.</param>
/// <param name="Day">The limit; no limit at all ends it.</param>
public sealed record EditBudgetInput(RootLimits? Roots = null, SpendScope? Scope = null, string? Target = null, Ceiling Day = default);

/// <summary>Shows and sets budgets. A chain that has begun keeps the bounds it began with.</summary>
public sealed class EditBudgets(IDatabase database, TimeProvider time)
{
    /// <summary>The budgets and what was used today. Persons only.</summary>
    public Task<BudgetOverview> ShowAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => OverviewAsync(unit, caller.OrganizationId, time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Sets budgets and returns them all. An admin. Throws <c>not_found</c> for an unknown agent or project, <c>invalid_request</c>, <c>forbidden</c>.</summary>
    public Task<BudgetOverview> SetAsync(Caller caller, EditBudgetInput input, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "budget.set", input.Scope is { } scope ? $"{scope.ToString().ToLowerInvariant()}:{input.Target}" : "root", Role.Admin,
        async (unit, now) =>
        {
            if (input.Roots is { } roots)
            {
                unit.Budgets.SetRootLimits(caller.OrganizationId, roots.Checked());
            }

            if (input.Scope is { } whose)
            {
                unit.Budgets.SetDayLimit(caller.OrganizationId, new DayLimit(whose, await TargetAsync(unit, caller, whose, input.Target), input.Day.Checked()));
            }

            return await OverviewAsync(unit, caller.OrganizationId, now);
        },
        cancellationToken);

    private static async ValueTask<Guid> TargetAsync(IUnitOfWork unit, Caller caller, SpendScope scope, string? target) => scope switch
    {
        SpendScope.Organization => caller.OrganizationId,
        SpendScope.Project => (await ListProjects.FoundAsync(unit, caller, target ?? "")).Id,
        _ => (await AgentRules.FoundAsync(unit, caller.OrganizationId, target)).Id,
    };

    private static async ValueTask<BudgetOverview> OverviewAsync(IUnitOfWork unit, Guid organizationId, DateTimeOffset now)
    {
        var limits = (await unit.Budgets.DayLimitsAsync(organizationId)).ToDictionary(limit => (limit.Scope, limit.TargetId), limit => limit.Ceiling);
        var spends = (await unit.Budgets.SpendsAsync(organizationId, DateOnly.FromDateTime(now.UtcDateTime))).ToDictionary(spend => (spend.Scope, spend.TargetId), spend => spend.Account);
        var days = new List<DayUse>();
        foreach (var (scope, id) in limits.Keys.Union(spends.Keys).OrderBy(key => key.Scope))
        {
            days.Add(new DayUse(scope, await NameAsync(unit, organizationId, scope, id), limits.GetValueOrDefault((scope, id)), spends.GetValueOrDefault((scope, id))));
        }

        return new BudgetOverview(await unit.Budgets.RootLimitsAsync(organizationId) ?? new RootLimits(), days);
    }

    private static async ValueTask<string> NameAsync(IUnitOfWork unit, Guid organizationId, SpendScope scope, Guid id) => scope switch
    {
        SpendScope.Organization => (await unit.Organizations.FindAsync(id))?.Name ?? id.ToString(),
        SpendScope.Project => (await unit.Organizations.FindProjectAsync(organizationId, id.ToString()))?.Name ?? id.ToString(),
        _ => (await unit.Agents.FindAsync(organizationId, id))?.Name ?? id.ToString(),
    };
}
