using Parley.Core.Organizations;

namespace Parley.Core.Tasks;

/// <summary>Reads a task. The rows are the truth: what is read after a restart or on another node is the same.</summary>
public sealed class ReadTask(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the caller's task that was given to that target. Throws <c>not_found</c>.</summary>
    public async Task<TaskView> RunAsync(Caller caller, string target, Guid id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        var (view, over) = await database.ReadAsync(
            async unit =>
            {
                var known = await TaskTarget.FindAsync(unit, caller, target);
                var task = await TaskReading.OwnAsync(unit, caller, known, id);
                return (await TaskReading.ViewAsync(unit, task, known.Name), await MeetingEnd.IsReachedAsync(unit, task));
            },
            cancellationToken);
        return over ? await database.WriteAsync(unit => CompleteAsync(unit, view), cancellationToken) : view;
    }

    private async ValueTask<TaskView> CompleteAsync(IUnitOfWork unit, TaskView seen) =>
        await TaskReading.ViewAsync(unit, await MeetingEnd.CompleteAsync(unit, seen.Task, time.GetUtcNow()) ?? throw TaskTarget.NoTask(), seen.TargetName);
}

/// <summary>Lists the tasks that the caller gave to an agent or a group, the last changed first.</summary>
public sealed class ListTasks(IDatabase database)
{
    /// <summary>Returns a page and how many there are in all. The query's organization, owner and target are those of the call, whatever it says. Throws <c>not_found</c>.</summary>
    public Task<(List<TaskView> Tasks, int Total)> RunAsync(Caller caller, string target, TaskQuery query, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var known = await TaskTarget.FindAsync(unit, caller, target);
                var (tasks, total) = await unit.Tasks.ListAsync(query with { OrganizationId = caller.OrganizationId, OwnerId = caller.Id, TargetId = known.Id });
                var views = new List<TaskView>(tasks.Count);
                foreach (var task in tasks)
                {
                    views.Add(await TaskReading.ViewAsync(unit, task, known.Name));
                }

                return (views, total);
            },
            cancellationToken);
    }
}
