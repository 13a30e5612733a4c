using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Meetings;

/// <summary>
/// Ends what hosted agents do in a meeting. Three steps in this order, because a turn too locks its session and its root before the conversation, and inboxes last. Agents
/// from outside run by themselves and are not stopped.
/// </summary>
public sealed class SpeakerStop(IEnumerable<ITurnWatch> watches, IEnumerable<ITurnStop> running)
{
    /// <summary>First in a write: takes the sessions of hosted members from their owners, whose later writes are refused, and settles their turns. Returns the turns that ended.</summary>
    internal static async ValueTask<List<(Agent Agent, Turn Turn)>> EndTurnsAsync(IUnitOfWork unit, Meeting meeting, IReadOnlyList<Agent> members, string reason, DateTimeOffset now)
    {
        var ended = new List<(Agent Agent, Turn Turn)>();
        foreach (var member in Hosted(members))
        {
            if ((await unit.Sessions.ListAsync(member.Id)).Find(state => state.Session.ConversationId == meeting.Id) is not { } session)
            {
                continue;
            }

            unit.Sessions.Release(session.Session.Id, turnId: null, failures: 0, notBefore: null);
            if (session.TurnId is { } id && await unit.Turns.FindAsync(id) is { } turn)
            {
                unit.Turns.Save(await TurnLedger.SettleAsync(unit, turn) with { State = TurnState.Cancelled, Reason = reason, EndedAt = now });
                ended.Add((member, turn));
            }
        }

        return ended;
    }

    /// <summary>Behind a lock of the conversation, where there is one: takes back what waits for hosted members.</summary>
    internal static async ValueTask TakeBackAsync(IUnitOfWork unit, Meeting meeting, IReadOnlyList<Agent> members, string reason, DateTimeOffset now)
    {
        foreach (var member in Hosted(members))
        {
            await unit.Agents.InboxAsync(member.Id);
            foreach (var item in await unit.Turns.UnreadAsync(member.Id, meeting.Id, Limits.PageRows))
            {
                unit.Turns.Acknowledge(member.Id, item.Message.Id, reason, now);
            }

            unit.Turns.AdvanceCursor(member.Id);
        }
    }

    /// <summary>After the commit: cancels the turns where they run and tells who watches.</summary>
    internal void Tell(Caller caller, Guid meetingId, IReadOnlyList<(Agent Agent, Turn Turn)> ended, string reason)
    {
        foreach (var (member, turn) in ended)
        {
            foreach (var loop in running)
            {
                loop.Stop(turn.Id);
            }

            foreach (var watch in watches)
            {
                watch.Note(new TurnNote(caller.OrganizationId, meetingId, turn.Id, member.Name, turn.Depth, TurnNoteKind.Ended, reason));
            }
        }
    }

    private static IEnumerable<Agent> Hosted(IEnumerable<Agent> members) => members.Where(member => member.Kind == AgentKind.Hosted).OrderBy(member => member.Id);
}
