using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>
/// Stops whoever speaks in a meeting: running turns of hosted agents end without a message, and what still waits for hosted agents in it is taken back. Agents from outside
/// run by themselves and are not stopped. Persons only.
/// </summary>
public sealed class StopSpeaking(IDatabase database, HaltBoard halts, SpeakerStop stop, TimeProvider time)
{
    /// <summary>Returns the meeting with who is still waited for. Throws <c>not_found</c> for a stranger to the room.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="nameOrId">The meeting.</param>
    /// <param name="agent">The participant; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, string? agent, CancellationToken cancellationToken)
    {
        var reason = $"stopped by {caller.Name}";
        var (overview, ended) = await database.ChangeAsync(
            caller, time, "meeting.stop", agent is null ? nameOrId : $"{nameOrId} {agent}", Role.Member,
            async (unit, now) =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                var members = agent is null ? await unit.Conversations.MembersAsync(meeting.Id) : [await MeetingLookup.ParticipantAsync(unit, meeting, agent)];
                var turns = await SpeakerStop.EndTurnsAsync(unit, meeting, members, reason, now);
                await SpeakerStop.TakeBackAsync(unit, meeting, members, reason, now);
                return (await MeetingOverview.ReadAsync(unit, meeting, halts), turns);
            },
            cancellationToken);
        stop.Tell(caller, overview.Meeting.Id, ended, reason);
        return overview;
    }
}
