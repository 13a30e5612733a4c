using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Closes a room: it takes no messages until it is resumed. Settings and transcript stay. Persons only.</summary>
public sealed class ArchiveMeeting(IDatabase database, HaltBoard halts, TimeProvider time)
{
    /// <summary>Returns the meeting; nothing changes where it is archived. Throws <c>not_found</c>.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "meeting.archive", nameOrId, Role.Member, (unit, now) => SetAsync(unit, caller, nameOrId, MeetingState.Archived, halts), cancellationToken);

    internal static async ValueTask<MeetingOverview> SetAsync(IUnitOfWork unit, Caller caller, string nameOrId, MeetingState state, HaltBoard halts)
    {
        var meeting = await MeetingLookup.LockedAsync(unit, caller, nameOrId);
        if (meeting.State == state)
        {
            return await MeetingOverview.ReadAsync(unit, meeting, halts);
        }

        unit.Meetings.Update(meeting with { State = state });
        return await MeetingOverview.ReadAsync(unit, meeting with { State = state, Revision = meeting.Revision + 1 }, halts);
    }
}
