using System.Globalization;
using System.Text;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Meetings;

/// <summary>The turns of a hosted agent in a room: it reads the whole room's talk and its answer is said aloud there.</summary>
public sealed class MeetingSession(HaltBoard halts) : ISessionRules
{
    /// <summary>With what an agent says that it has nothing to add.</summary>
    public const string Pass = "PASS";

    private const int HistoryMessages = 200;

    /// <inheritdoc/>
    public SessionKind Kind => SessionKind.Meeting;

    /// <inheritdoc/>
    public async ValueTask<SessionFrame> FrameAsync(IUnitOfWork unit, TurnFacts facts, DateTimeOffset now)
    {
        if (facts.Session.ConversationId is not { } id || await unit.Meetings.FindAsync(facts.Session.OrganizationId, id) is not { } meeting)
        {
            return new SessionFrame("", []);
        }

        var participants = (await unit.Conversations.MembersAsync(id)).ConvertAll(agent => (agent.Name, agent.Description, Halted: halts.OfAgent(agent.OrganizationId, agent.Id) is not null));
        var unread = facts.Unread.Select(item => item.Message.Id).ToHashSet();
        var said = await unit.Messages.PageAsync(new HistoryQuery(meeting.OrganizationId, id, Limit: HistoryMessages));
        said.Reverse();
        return new SessionFrame(
            Instructions(meeting, facts, participants),
            [.. said.Where(message => !unread.Contains(message.Id) && message.Withheld == Withheld.No).Select(message => new HistoryEntry(message, message.SenderId == facts.Agent.Id))]);
    }

    /// <inheritdoc/>
    public SendInput? Answer(TurnFacts facts, string text)
    {
        if (IsPass(text) || facts.Session.ConversationId is not { } id)
        {
            return null;
        }

        var answered = facts.Unread.Where(item => item.Message.ConversationId == id).OrderByDescending(item => item.Message.Depth).ThenByDescending(item => item.Message.Number).FirstOrDefault();
        return new SendInput { To = MeetingRoutes.Address + id, Content = text.Trim(), ReplyTo = answered?.Message.Id };
    }

    /// <summary>Whether the text says that there is nothing to add.</summary>
    public static bool IsPass(string text) => text.AsSpan().Trim() is var said && (said.IsEmpty || said.Equals(Pass, StringComparison.OrdinalIgnoreCase));

    private static string Instructions(Meeting meeting, TurnFacts facts, IReadOnlyList<(string Name, string Description, bool Halted)> participants)
    {
        var own = facts.Agent.Name;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"You take part in the meeting '{meeting.Name}' as '{own}'.");
        Add(text, meeting.Topic.Length > 0, $" Its topic: {meeting.Topic}");
        Add(text, meeting.Roles.ContainsKey(own), $"\nYour role in it is {meeting.Roles.GetValueOrDefault(own)}");
        text.Append("\nIn the room besides you:");
        foreach (var (name, description, halted) in participants.Where(participant => participant.Name != own))
        {
            var role = meeting.Roles.GetValueOrDefault(name) ?? description;
            text.Append(CultureInfo.InvariantCulture, $"\n- @{name}{(role.Length > 0 ? ": " + role : "")}{(halted ? " (halted, cannot answer)" : "")}");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n- @user: the person who asks\n{ChainLine(meeting, facts.Depth)}");
        text.Append(
            "\nWhat you answer is said aloud in the room, so write only what you want to say there: no name in front, no description of what you do. Be brief and add something new."
            + $"\nIf you have nothing to add, answer with exactly {Pass} and nothing else.");
        Add(text, meeting.Strategy == Strategy.Consensus, $"\nWhen you agree with the proposal as it stands, end your answer with {ChainRules.AgreedMark}. The discussion ends when everybody who spoke has agreed.");
        Add(text, meeting.Strategy == Strategy.Moderator && meeting.Moderator == own, "\nYou moderate: decide who is next and ask that participant with @name. To end the discussion, mention nobody.");
        Add(text, meeting.Strategy == Strategy.Moderator && meeting.Moderator != own, $"\n@{meeting.Moderator} moderates: whomever you mention, the moderator decides who is next.");
        return text.ToString();
    }

    private static string ChainLine(Meeting meeting, int depth)
    {
        var limit = ChainRules.LengthOf(meeting);
        return depth < limit
            ? string.Create(CultureInfo.InvariantCulture, $"This answer is at depth {depth} of at most {limit} in the chain. To ask somebody in the room, mention them with @name: they answer next. Mention only those whose answer is needed. To ask the person, mention @user, which ends the chain.")
            : string.Create(CultureInfo.InvariantCulture, $"This answer is at depth {depth} of at most {limit}: the chain ends with it, and whomever you mention is not asked. Conclude, or ask the person with @user.");
    }

    private static void Add(StringBuilder text, bool wanted, string sentence)
    {
        if (wanted)
        {
            text.Append(sentence);
        }
    }
}
