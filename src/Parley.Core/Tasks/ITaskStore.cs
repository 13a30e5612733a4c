namespace Parley.Core.Tasks;

/// <summary>Tasks and their events.</summary>
public interface ITaskStore
{
    /// <summary>Adds a task that has no events yet.</summary>
    void Add(TaskRecord task);

    /// <summary>Appends an event and writes what it changed of the task.</summary>
    void Append(TaskRecord changed, TaskEvent appended);

    /// <summary>The task, or null; not locked.</summary>
    ValueTask<TaskRecord?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The task, locked for the rest of the write, or null. Whoever needs the lock of a conversation or an inbox too has it before.</summary>
    ValueTask<TaskRecord?> LockAsync(Guid id);

    /// <summary>The task that a message belongs to, or null.</summary>
    ValueTask<TaskRecord?> FindByMessageAsync(Guid messageId);

    /// <summary>The task that a spawned session does, or null.</summary>
    ValueTask<TaskRecord?> FindBySessionAsync(Guid sessionId);

    /// <summary>The tasks of a conversation that have not ended, the oldest first.</summary>
    ValueTask<List<TaskRecord>> OpenAsync(Guid conversationId);

    /// <summary>The tasks of meetings that have not ended, by id, behind that one.</summary>
    ValueTask<List<TaskRecord>> OpenInMeetingsAsync(Guid after, int limit);

    /// <summary>The tasks of single agents that have not ended, and something of which has become a dead letter of the agent since then.</summary>
    ValueTask<List<TaskRecord>> OfDeadLettersAsync(DateTimeOffset since, int limit);

    /// <summary>The tasks of single agents that have not ended, though their agent was removed.</summary>
    ValueTask<List<TaskRecord>> OfRemovedAsync(int limit);

    /// <summary>The events of a task after a number, ascending.</summary>
    ValueTask<List<TaskEvent>> EventsAsync(Guid taskId, long after);

    /// <summary>A page of an owner's tasks, the last changed first, and how many there are in all.</summary>
    ValueTask<(List<TaskRecord> Tasks, int Total)> ListAsync(TaskQuery query);

    /// <summary>Adds a push configuration in the place of the one of the same name.</summary>
    void PutPush(TaskPush push);

    /// <summary>Removes a push configuration, if it is there.</summary>
    void RemovePush(Guid taskId, string id);

    /// <summary>The push configurations of a task, by name.</summary>
    ValueTask<List<TaskPush>> PushesAsync(Guid taskId);

    /// <summary>The configurations that have something to tell now.</summary>
    ValueTask<List<TaskPush>> DuePushesAsync(DateTimeOffset now, int limit);

    /// <summary>Writes the lease and the fence of a configuration; false where somebody else has claimed it since it was read.</summary>
    ValueTask<bool> ClaimPushAsync(TaskPush claimed);

    /// <summary>Writes what became of a claimed configuration; false where somebody else has claimed it since.</summary>
    ValueTask<bool> SavePushAsync(TaskPush push);

    /// <summary>Deletes tasks that ended before that time, with their events. Returns how many.</summary>
    ValueTask<int> PruneAsync(DateTimeOffset before, int limit);
}

/// <summary>Which tasks to list.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="OwnerId">Whose.</param>
/// <param name="TargetId">Given to whom.</param>
/// <param name="ContextId">Only those of a context.</param>
/// <param name="Stage">Only those of a stage.</param>
/// <param name="Since">Only those changed then or later.</param>
/// <param name="Before">Only those behind that one in the order of the list.</param>
/// <param name="Limit">How many, at the most.</param>
public sealed record TaskQuery(
    Guid OrganizationId, Guid OwnerId, Guid TargetId, string? ContextId = null, TaskStage? Stage = null, DateTimeOffset? Since = null, TaskPlace? Before = null, int Limit = 50);

/// <summary>A place in a list of tasks.</summary>
public readonly record struct TaskPlace(DateTimeOffset UpdatedAt, Guid Id);
