namespace Parley.Core.Budgets;

/// <summary>Roots, what days used, and the limits of both.</summary>
public interface IBudgetStore
{
    /// <summary>Adds a root where there is none of that id.</summary>
    void Add(Root root);

    /// <summary>The root, or null; in a write it is locked.</summary>
    ValueTask<Root?> RootAsync(Guid organizationId, Guid id);

    /// <summary>Writes what a root used and why it stopped.</summary>
    void Save(Root root);

    /// <summary>Lets chains below a root become that deep at least.</summary>
    void Deepen(Guid id, int maxDepth);

    /// <summary>The newest roots of an organization.</summary>
    ValueTask<List<Root>> RootsAsync(Guid organizationId, int limit);

    /// <summary>What was used on a day, empty where nothing was; in a write it is locked.</summary>
    ValueTask<DaySpend> SpendAsync(Guid organizationId, SpendScope scope, Guid targetId, DateOnly day);

    /// <summary>Writes what was used on a day.</summary>
    void Save(DaySpend spend);

    /// <summary>What an organization used on a day, by scope.</summary>
    ValueTask<List<DaySpend>> SpendsAsync(Guid organizationId, DateOnly day);

    /// <summary>The limits of new roots of an organization; null where nobody set them.</summary>
    ValueTask<RootLimits?> RootLimitsAsync(Guid organizationId);

    /// <summary>Sets the limits of new roots.</summary>
    void SetRootLimits(Guid organizationId, RootLimits limits);

    /// <summary>The limits of days that are set in an organization.</summary>
    ValueTask<List<DayLimit>> DayLimitsAsync(Guid organizationId);

    /// <summary>Sets the limit of a day; no limit at all ends it.</summary>
    void SetDayLimit(Guid organizationId, DayLimit limit);
}
