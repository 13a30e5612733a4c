using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Closes a room: it takes no messages until it is resumed. Settings and transcript stay; hosted agents that speak in it are stopped. Persons only.</summary>
public sealed class ArchiveMeeting(IDatabase database, HaltBoard halts, SpeakerStop stop, TimeProvider time)
{
    /// <summary>Returns the meeting; nothing changes where it is archived. Throws <c>not_found</c>.</summary>
    public async Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        var reason = $"the meeting was archived by {caller.Name}";
        var (overview, ended) = await database.ChangeAsync(
            caller, time, "meeting.archive", nameOrId, Role.Member,
            async (unit, now) =>
            {
                var found = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                if (found.State == MeetingState.Archived)
                {
                    return (await MeetingOverview.ReadAsync(unit, found, halts), []);
                }

                var members = await unit.Conversations.MembersAsync(found.Id);
                var turns = await SpeakerStop.EndTurnsAsync(unit, found, members, reason, now);
                await unit.Conversations.LockAsync(found.Id);
                await SpeakerStop.TakeBackAsync(unit, found, members, reason, now);
                return (await SetAsync(unit, caller, nameOrId, MeetingState.Archived, halts), turns);
            },
            cancellationToken);
        stop.Tell(caller, overview.Meeting.Id, ended, reason);
        return overview;
    }

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
