namespace Parley.Core.Tasks;

/// <summary>Completes the tasks of meetings in which nobody is left who was asked, so that streams, push notifications and lists tell of it although nobody reads the task.</summary>
public sealed class EndMeetingTasks(IDatabase database, IWake wake, TimeProvider time)
{
    private const int AtOnce = 100;
    private Guid last;

    /// <summary>Looks at the next open tasks of meetings; true where there are more to look at.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var open = await database.ReadAsync(unit => unit.Tasks.OpenInMeetingsAsync(last, AtOnce), cancellationToken);
        foreach (var task in open)
        {
            if (await database.ReadAsync(unit => MeetingEnd.IsReachedAsync(unit, task), cancellationToken)
                && await database.WriteAsync(unit => MeetingEnd.CompleteAsync(unit, task, time.GetUtcNow()), cancellationToken) is { Ended: true })
            {
                wake.Wake(new WakeHint(task.OrganizationId, task.ConversationId, [], Message: null));
            }
        }

        last = open.Count < AtOnce ? Guid.Empty : open[^1].Id;
        return last != Guid.Empty;
    }
}
