using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>A meeting with what its readers need beside the settings.</summary>
/// <param name="Meeting">The settings.</param>
/// <param name="Participants">Who is in the room, by name.</param>
/// <param name="Halted">The names of those who are halted.</param>
/// <param name="Head">The number of its newest message.</param>
/// <param name="Waiting">Who was asked and has neither answered nor acknowledged, by name.</param>
/// <param name="Suggestions">Whom to ask next.</param>
public sealed record MeetingOverview(
    Meeting Meeting, IReadOnlyList<Agent> Participants, IReadOnlyCollection<string> Halted, long Head, IReadOnlyList<string> Waiting, IReadOnlyList<Suggestion> Suggestions)
{
    private const int LongestChain = 100;

    internal static async ValueTask<MeetingOverview> ReadAsync(IUnitOfWork unit, Meeting meeting, HaltBoard halts)
    {
        var members = await unit.Conversations.MembersAsync(meeting.Id);
        var conversation = await unit.Conversations.FindAsync(meeting.OrganizationId, meeting.Id);
        var waiting = await unit.Meetings.WaitingAsync(meeting.Id);
        var halted = members.Where(agent => halts.OfAgent(agent.OrganizationId, agent.Id) is not null).Select(agent => agent.Name).ToList();
        var chain = await ChainAsync(unit, meeting);
        return new MeetingOverview(
            meeting, members, halted, conversation?.Head ?? 0, waiting, SuggestionRules.For(chain, members.ConvertAll(agent => agent.Name), halted, waiting));
    }

    /// <summary>The newest chain.</summary>
    private static async ValueTask<List<(string Speaker, Chain Chain)>> ChainAsync(IUnitOfWork unit, Meeting meeting)
    {
        var newest = await unit.Messages.PageAsync(new HistoryQuery(meeting.OrganizationId, meeting.Id, Limit: 1));
        return newest is [var last]
            ? [.. (await unit.Meetings.ChainAsync(meeting.Id, last.RootId, LongestChain)).Select(message => (message.SenderName, Chain.Of(message))).Where(entry => entry.Item2 is not null).Select(entry => (entry.SenderName, entry.Item2!))]
            : [];
    }
}
