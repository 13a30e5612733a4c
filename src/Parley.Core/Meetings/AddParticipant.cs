using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Takes an agent into a room. Persons only: to take part is the permission to speak with everybody in it.</summary>
public sealed class AddParticipant(IDatabase database, HaltBoard halts, TimeProvider time)
{
    /// <summary>Returns the meeting; nothing changes where the agent is in it. Throws <c>not_found</c>, <c>too_large</c> beyond the most participants.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, string agent, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "meeting.add", $"{nameOrId} {agent}", Role.Member,
        async (unit, now) =>
        {
            var meeting = await MeetingLookup.LockedAsync(unit, caller, nameOrId);
            var added = await AgentRules.FoundAsync(unit, caller.OrganizationId, agent);
            var members = await unit.Conversations.MembersAsync(meeting.Id);
            if (members.Exists(member => member.Id == added.Id))
            {
                return await MeetingOverview.ReadAsync(unit, meeting, halts);
            }

            if (members.Count >= MeetingRules.MostParticipants)
            {
                throw new ParleyError(ErrorCode.TooLarge, $"A meeting has at most {MeetingRules.MostParticipants} participants.", "Remove one first.");
            }

            unit.Conversations.AddMember(meeting.Id, added.Id, now);
            unit.Meetings.Update(meeting);
            return await MeetingOverview.ReadAsync(unit, meeting with { Revision = meeting.Revision + 1 }, halts);
        },
        cancellationToken);
}
