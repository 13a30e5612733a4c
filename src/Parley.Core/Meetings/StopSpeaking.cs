using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Meetings;

/// <summary>
/// Stops whoever speaks in a meeting: running turns of hosted agents end without a message, and what still waits for hosted agents in it is taken back. Agents from outside
/// run by themselves and are not stopped. Persons only.
/// </summary>
public sealed class StopSpeaking(IDatabase database, HaltBoard halts, IEnumerable<ITurnWatch> watches, IEnumerable<ITurnStop> running, TimeProvider time)
{
    /// <summary>Returns the meeting with who is still waited for. Throws <c>not_found</c> for a stranger to the room.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="nameOrId">The meeting.</param>
    /// <param name="agent">The participant; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, string? agent, CancellationToken cancellationToken)
    {
        var reason = $"stopped by {caller.Name}";
        var (overview, stopped) = await database.ChangeAsync(
            caller, time, "meeting.stop", agent is null ? nameOrId : $"{nameOrId} {agent}", Role.Member,
            async (unit, now) =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                var members = agent is null ? await unit.Conversations.MembersAsync(meeting.Id) : [await MeetingLookup.ParticipantAsync(unit, meeting, agent)];
                var ended = new List<(Agent Agent, Turn Turn)>();
                foreach (var member in members.Where(member => member.Kind == AgentKind.Hosted).OrderBy(member => member.Id))
                {
                    if (await StopAsync(unit, meeting, member, reason, now) is { } turn)
                    {
                        ended.Add((member, turn));
                    }
                }

                return (await MeetingOverview.ReadAsync(unit, meeting, halts), ended);
            },
            cancellationToken);
        foreach (var (member, turn) in stopped)
        {
            foreach (var loop in running)
            {
                loop.Stop(turn.Id);
            }

            foreach (var watch in watches)
            {
                watch.Note(new TurnNote(caller.OrganizationId, overview.Meeting.Id, turn.Id, member.Name, turn.Depth, TurnNoteKind.Ended, reason));
            }
        }

        return overview;
    }

    /// <summary>Takes the session from its owner, whose later writes are refused, and settles what waits; returns the turn that it ended, or null.</summary>
    private static async ValueTask<Turn?> StopAsync(IUnitOfWork unit, Meeting meeting, Agent agent, string reason, DateTimeOffset now)
    {
        var session = (await unit.Sessions.ListAsync(agent.Id)).Find(state => state.Session.ConversationId == meeting.Id);
        var turn = session?.TurnId is { } id ? await unit.Turns.FindAsync(id) : null;
        if (turn is not null)
        {
            var settled = await TurnLedger.SettleAsync(unit, turn);
            unit.Turns.Save(settled with { State = TurnState.Cancelled, Reason = reason, EndedAt = now });
        }

        await unit.Agents.InboxAsync(agent.Id);
        foreach (var item in await unit.Turns.UnreadAsync(agent.Id, meeting.Id, Limits.PageRows))
        {
            unit.Turns.Acknowledge(agent.Id, item.Message.Id, reason, now);
        }

        unit.Turns.AdvanceCursor(agent.Id);
        if (session is not null)
        {
            unit.Sessions.Release(session.Session.Id, turnId: null, failures: 0, notBefore: null);
        }

        return turn;
    }
}
