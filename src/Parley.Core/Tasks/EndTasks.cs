using Parley.Core.Agents;

namespace Parley.Core.Tasks;

/// <summary>
/// Ends the tasks of which nothing more can come, so that streams, push notifications and lists tell of it although nobody reads the task: those of meetings in which nobody is left who was
/// asked, those whose message has become a dead letter, and those whose agent was removed.
/// </summary>
public sealed class EndTasks(IDatabase database, IWake wake, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>Dead letters are looked at again for so long: another server's clock, or a slow write, may put one behind the last look.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private Guid last;
    private DateTimeOffset since = DateTimeOffset.MinValue;

    /// <summary>Looks at what is open; true where there is more to look at.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var moreLetters = await EndDeadAsync(cancellationToken);
        var moreRemoved = await EndRemovedAsync(cancellationToken);
        return await EndMeetingsAsync(cancellationToken) || moreLetters || moreRemoved;
    }

    private async Task<bool> EndDeadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var dead = await database.ReadAsync(unit => unit.Tasks.OfDeadLettersAsync(since, AtOnce), cancellationToken);
        foreach (var task in dead)
        {
            Tell(task, await database.WriteAsync(unit => GiveUpAsync(unit, task, now), cancellationToken));
        }

        since = dead.Count < AtOnce ? now - Again : since;
        return dead.Count == AtOnce;
    }

    private async Task<bool> EndRemovedAsync(CancellationToken cancellationToken)
    {
        var orphaned = await database.ReadAsync(unit => unit.Tasks.OfRemovedAsync(AtOnce), cancellationToken);
        foreach (var task in orphaned)
        {
            Tell(task, await database.WriteAsync(unit => EndAsync(unit, task, TaskStage.Failed, time.GetUtcNow()), cancellationToken));
        }

        return orphaned.Count == AtOnce;
    }

    private async Task<bool> EndMeetingsAsync(CancellationToken cancellationToken)
    {
        var open = await database.ReadAsync(unit => unit.Tasks.OpenInMeetingsAsync(last, AtOnce), cancellationToken);
        foreach (var task in open)
        {
            if (await database.ReadAsync(unit => MeetingEnd.IsReachedAsync(unit, task), cancellationToken))
            {
                Tell(task, await database.WriteAsync(unit => MeetingEnd.CompleteAsync(unit, task, time.GetUtcNow()), cancellationToken));
            }
        }

        last = open.Count < AtOnce ? Guid.Empty : open[^1].Id;
        return last != Guid.Empty;
    }

    /// <summary>Whoever runs by itself has said no; one that Parley runs could not do it.</summary>
    private static async ValueTask<TaskRecord?> GiveUpAsync(IUnitOfWork unit, TaskRecord seen, DateTimeOffset now)
    {
        var hosted = await unit.Agents.FindAsync(seen.OrganizationId, seen.TargetId) is { Kind: AgentKind.Hosted };
        return await EndAsync(unit, seen, hosted ? TaskStage.Failed : TaskStage.Rejected, now);
    }

    private static async ValueTask<TaskRecord?> EndAsync(IUnitOfWork unit, TaskRecord seen, TaskStage stage, DateTimeOffset now) =>
        await unit.Tasks.LockAsync(seen.Id) is { Ended: false } task
            ? TaskWrites.Append(unit, task, TaskEventKind.Status, stage, messageId: null, artifact: null, now)
            : null;

    private void Tell(TaskRecord seen, TaskRecord? ended)
    {
        if (ended is { Ended: true })
        {
            wake.Wake(new WakeHint(seen.OrganizationId, seen.ConversationId, [], Message: null));
        }
    }
}
