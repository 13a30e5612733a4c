using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Takes an agent out of a room. What it said stays; it is not asked any more and cannot speak. Persons only.</summary>
public sealed class RemoveParticipant(IDatabase database, HaltBoard halts, TimeProvider time)
{
    /// <summary>Returns the meeting. Throws <c>not_found</c>, and <c>conflict</c> for the moderator of a moderated meeting.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, string agent, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "meeting.remove", $"{nameOrId} {agent}", Role.Member,
        async (unit, now) =>
        {
            var meeting = await MeetingLookup.LockedAsync(unit, caller, nameOrId);
            var leaving = await MeetingLookup.ParticipantAsync(unit, meeting, agent);
            if (meeting is { Strategy: Strategy.Moderator } && meeting.Moderator == leaving.Name)
            {
                throw new ParleyError(
                    ErrorCode.Conflict, $"'{leaving.Name}' moderates the meeting.", "Name another moderator or another strategy first: PATCH /api/v1/meetings/{meeting} {\"strategy\":\"depth\"}");
            }

            unit.Conversations.RemoveMember(meeting.Id, leaving.Id);
            var without = meeting with
            {
                Moderator = meeting.Moderator == leaving.Name ? null : meeting.Moderator,
                Limits = meeting.Limits.Where(limit => limit.Key != leaving.Name).ToDictionary(),
                Roles = meeting.Roles.Where(role => role.Key != leaving.Name).ToDictionary(),
            };
            unit.Meetings.Update(without);
            return await MeetingOverview.ReadAsync(unit, without with { Revision = meeting.Revision + 1 }, halts);
        },
        cancellationToken);
}
