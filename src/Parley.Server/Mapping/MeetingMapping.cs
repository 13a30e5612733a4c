using Parley.Client.Wire;
using Parley.Core.Agents;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Server.Mapping;

/// <summary>Meetings on the wire.</summary>
internal static class MeetingMapping
{
    public static StartMeetingInput ToInput(StartMeetingRequest request) => new(
        request.Participants, request.Topic, request.Name, request.ChainLength, request.Template, request.Limits, request.Strategy, request.Moderator);

    public static EditMeetingInput ToInput(EditMeetingRequest request) => new(request.Topic, request.ChainLength, request.Limits, request.Strategy, request.Moderator);

    public static PostToMeetingInput ToInput(PostToMeetingRequest request, string? key) => new(request.Content, request.Key ?? key, request.To, request.ReplyTo);

    public static MeetingView ToView(MeetingOverview overview)
    {
        var meeting = overview.Meeting;
        return new MeetingView
        {
            Id = meeting.Id,
            Name = meeting.Name,
            Topic = meeting.Topic,
            State = meeting.State == MeetingState.Open ? "open" : "archived",
            ChainLength = meeting.ChainLength,
            Strategy = MeetingRules.NameOf(meeting.Strategy),
            Moderator = meeting.Moderator,
            Template = meeting.Template,
            Opening = meeting.Opening,
            Limits = meeting.Limits,
            Participants = [.. overview.Participants.Select(agent => ToView(agent, overview))],
            Head = overview.Head,
            Waiting = overview.Waiting,
            Suggestions = [.. overview.Suggestions.Select(suggestion => new SuggestionView(suggestion.Agent, suggestion.Unheard ? "unheard" : "silent"))],
            Warnings = MeetingRules.Warnings(meeting),
            CreatedBy = meeting.CreatedBy,
            CreatedAt = meeting.CreatedAt,
            Revision = meeting.Revision,
        };
    }

    public static ChainView? ToView(Chain? chain) => chain is null ? null : new ChainView(
        chain.Depth, chain.Limit, chain.Asks, chain.Unheard, chain.Unknown, chain.EndedBy is { } ending ? Endings.NameOf(ending) : null, chain.TurnId);

    public static TurnView ToView(TurnNote note) => new(note.TurnId, note.AgentName, note.Depth, note.Kind.ToString().ToLowerInvariant(), note.Text);

    public static MeetingPost ToPost(SendReceipt receipt) => new(MessageMapping.ToView(receipt.Message), receipt.Duplicate, receipt.Durability);

    public static MeetingTemplateView ToView(TemplateEntry entry) => new(
        entry.Name, entry.Template?.Description ?? "", entry.Template?.ChainLength, entry.Template?.Strategy is { } strategy ? MeetingRules.NameOf(strategy) : null,
        [.. (entry.Template?.Roles ?? []).Select(role => new TemplateRole(role.Name, role.Task))], entry.Template?.Opening ?? "", entry.BuiltIn,
        entry.Fault is { } fault ? $"{fault.Message} {fault.Fix}" : null);

    public static MeetingStatsView ToView(MeetingStats stats)
    {
        var (tally, use) = (stats.Tally, stats.Use);
        var names = tally.Speakers.Select(speaker => speaker.Name).Concat(use.Select(one => one.Agent)).Distinct();
        return new MeetingStatsView(
            tally.Messages, tally.FromPeople, tally.Chains, use.Sum(one => one.Turns), use.Sum(one => one.InputTokens), use.Sum(one => one.OutputTokens), Dollars(use.Sum(one => one.Cost)),
            [.. tally.Depths.Select(depth => new DepthCount(depth.Depth, depth.Count))],
            [.. names.Select(name => ToView(name, tally.Speakers.FirstOrDefault(speaker => speaker.Name == name).Count, use.FirstOrDefault(one => one.Agent == name)))],
            [.. tally.Mentions.Select(mention => new MentionCount(mention.From, mention.To, mention.Count))],
            [.. tally.Ends.Select(end => new EndingCount(Endings.NameOf(end.Ending), end.Count))]);
    }

    private static SpeakerCount ToView(string name, long answers, TurnUse? use) =>
        new(name, answers, use?.Turns ?? 0, use?.InputTokens ?? 0, use?.OutputTokens ?? 0, Dollars(use?.Cost ?? 0));

    private static double Dollars(long millionths) => (double)(millionths / 1_000_000m);

    private static ParticipantView ToView(Agent agent, MeetingOverview overview) => new(
        agent.Name, WireNames.Of(agent.Kind), agent.Type, agent.Description, overview.Meeting.Roles.GetValueOrDefault(agent.Name), overview.Halted.Contains(agent.Name));
}
