namespace Parley.Core.Schedules;

/// <summary>Schedules and what became of their firings.</summary>
public interface IScheduleStore
{
    /// <summary>Adds a schedule.</summary>
    void Add(Schedule schedule);

    /// <summary>Writes what can change of a schedule.</summary>
    void Update(Schedule schedule);

    /// <summary>Deletes a schedule and its history.</summary>
    void Remove(Guid id);

    /// <summary>The schedule, or null; in a write it is locked.</summary>
    ValueTask<Schedule?> FindAsync(Guid id);

    /// <summary>The schedule of that name, or null; in a write it is locked.</summary>
    ValueTask<Schedule?> FindAsync(Guid organizationId, string name);

    /// <summary>The schedules of an organization, by name.</summary>
    ValueTask<List<Schedule>> ListAsync(Guid organizationId, int limit);

    /// <summary>How many schedules an organization has.</summary>
    ValueTask<int> CountAsync(Guid organizationId);

    /// <summary>The schedules of all organizations that are due and not paused, the longest waiting first; locks nothing.</summary>
    ValueTask<List<Guid>> DueAsync(DateTimeOffset now, int limit);

    /// <summary>Whether the history has an entry for that due time.</summary>
    ValueTask<bool> HasFiredAsync(Guid id, DateTimeOffset due);

    /// <summary>Adds an entry to the history and deletes those of which at least <paramref name="keep"/> newer ones exist.</summary>
    void AddFiring(Firing firing, int keep);

    /// <summary>The entries with numbers below one, or the newest; newest first.</summary>
    ValueTask<List<Firing>> HistoryAsync(Guid id, long? before, int limit);
}
