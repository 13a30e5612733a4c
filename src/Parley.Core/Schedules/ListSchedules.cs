using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Shows the schedules of an organization. Persons only.</summary>
public sealed class ListSchedules(IDatabase database)
{
    /// <summary>Returns all of them, by name.</summary>
    public Task<List<Schedule>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        Require(caller);
        return database.ReadAsync(unit => unit.Schedules.ListAsync(caller.OrganizationId, AddSchedule.Most), cancellationToken);
    }

    internal static void Require(Caller caller)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
    }
}

/// <summary>Finds a schedule. Persons only.</summary>
public sealed class FindSchedule(IDatabase database)
{
    /// <summary>Returns the schedule of that name or id. Throws <c>not_found</c>.</summary>
    public Task<Schedule> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        ListSchedules.Require(caller);
        return database.ReadAsync(unit => ScheduleLookup.FoundAsync(unit, caller, nameOrId), cancellationToken);
    }
}
