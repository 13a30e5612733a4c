namespace Parley.Core.Schedules;

/// <summary>Shows what became of a schedule's due times. Persons only.</summary>
public sealed class ReadScheduleHistory(IDatabase database)
{
    /// <summary>Returns the entries with numbers below one, or the newest; newest first. Throws <c>not_found</c>.</summary>
    public Task<List<Firing>> RunAsync(Caller caller, string nameOrId, long? before, int limit, CancellationToken cancellationToken)
    {
        ListSchedules.Require(caller);
        return database.ReadAsync(
            async unit => await unit.Schedules.HistoryAsync((await ScheduleLookup.FoundAsync(unit, caller, nameOrId)).Id, before, limit),
            cancellationToken);
    }
}
