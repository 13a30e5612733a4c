namespace Parley.Core.Budgets;

/// <summary>Whose use of a day is counted.</summary>
public enum SpendScope
{
    /// <summary>All agents of an organization.</summary>
    Organization,

    /// <summary>Turns that answer in a project's channels.</summary>
    Project,

    /// <summary>One agent.</summary>
    Agent,
}

/// <summary>What one of them used on one day.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Scope">Whose.</param>
/// <param name="TargetId">Which one.</param>
/// <param name="Day">The day in UTC.</param>
/// <param name="Account">What was used.</param>
public sealed record DaySpend(Guid OrganizationId, SpendScope Scope, Guid TargetId, DateOnly Day, Account Account);

/// <summary>A limit of a day that a person set.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="TargetId">Which one.</param>
/// <param name="Ceiling">The most on one day.</param>
public sealed record DayLimit(SpendScope Scope, Guid TargetId, Ceiling Ceiling);
