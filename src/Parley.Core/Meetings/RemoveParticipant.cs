using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Meetings;

/// <summary>Takes an agent out of a room. What it said stays; it is not asked any more and cannot speak, and its turn in the room ends. Persons only.</summary>
public sealed class RemoveParticipant(IDatabase database, HaltBoard halts, SpeakerStop stop, TimeProvider time)
{
    /// <summary>Returns the meeting. Throws <c>not_found</c>, and <c>conflict</c> for the moderator of a moderated meeting.</summary>
    public async Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, string agent, CancellationToken cancellationToken)
    {
        var reason = $"taken out of the meeting by {caller.Name}";
        var (overview, ended) = await database.ChangeAsync(
            caller, time, "meeting.remove", $"{nameOrId} {agent}", Role.Member, (unit, now) => TakeOutAsync(unit, caller, nameOrId, agent, reason, now), cancellationToken);
        stop.Tell(caller, overview.Meeting.Id, ended, reason);
        return overview;
    }

    private async ValueTask<(MeetingOverview Overview, List<(Agent Agent, Turn Turn)> Ended)> TakeOutAsync(
        IUnitOfWork unit, Caller caller, string nameOrId, string agent, string reason, DateTimeOffset now)
    {
        var found = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
        var leaving = await MeetingLookup.ParticipantAsync(unit, found, agent);
        var ended = await SpeakerStop.EndTurnsAsync(unit, found, [leaving], reason, now);
        var meeting = await MeetingLookup.LockedAsync(unit, caller, nameOrId);
        if (meeting is { Strategy: Strategy.Moderator } && meeting.Moderator == leaving.Name)
        {
            throw new ParleyError(
                ErrorCode.Conflict, $"'{leaving.Name}' moderates the meeting.", "Name another moderator or another strategy first: PATCH /api/v1/meetings/{meeting} {\"strategy\":\"depth\"}");
        }

        await SpeakerStop.TakeBackAsync(unit, meeting, [leaving], reason, now);
        unit.Conversations.RemoveMember(meeting.Id, leaving.Id);
        var without = meeting with
        {
            Moderator = meeting.Moderator == leaving.Name ? null : meeting.Moderator,
            Limits = meeting.Limits.Where(limit => limit.Key != leaving.Name).ToDictionary(),
            Roles = meeting.Roles.Where(role => role.Key != leaving.Name).ToDictionary(),
        };
        unit.Meetings.Update(without);
        return (await MeetingOverview.ReadAsync(unit, without with { Revision = meeting.Revision + 1 }, halts), ended);
    }
}
