using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of meetings.</summary>
internal static class MeetingExamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b");
    private static readonly Dictionary<string, int> Twice = new() { ["cfo"] = 2 };

    public static readonly StartMeetingRequest Start = new(["ceo", "cto", "cfo"], "Launch next month?", "launch", 4, Limits: Twice);

    public static readonly EditMeetingRequest Edit = new(ChainLength: 6);

    public static readonly MeetingView Meeting = new()
    {
        Id = Id, Name = "launch", Topic = "Launch next month?", State = "open", ChainLength = 4, Strategy = "depth", Limits = Twice,
        Participants =
        [
            new ParticipantView("ceo", "hosted", "external", "Decides", null, false), new ParticipantView("cfo", "hosted", "external", "Knows the money", null, false),
            new ParticipantView("cto", "hosted", "external", "Knows the technology", null, false),
        ],
        Head = 12, Waiting = ["cto"], Suggestions = [new SuggestionView("cfo", "unheard")], Warnings = [], CreatedBy = "owner", CreatedAt = At, Revision = 3,
    };

    public static readonly ListOf<MeetingView> Meetings = new([Meeting]);

    public static readonly PostToMeetingRequest Post = new("Should we launch next month?", "launch-1");

    public static readonly MessageView Message = new()
    {
        Id = Id, Type = "chat", MessageType = "chat", Content = "Depends on readiness. @cto status update?", Metadata = JsonElement.Parse("{}"), From = "ceo", FromKind = "agent",
        SenderAgentId = "ceo", SenderAgentType = "external", AgentType = "external", ConversationId = Id, ConversationKind = "meeting", Number = 2, IsPeerDm = false, Mentions = ["cto"],
        RootId = Id, Depth = 1, Chain = new ChainView(0, 4, ["cto"], [], []), CreatedAt = At,
    };

    public static readonly MeetingPost Posted = new(
        Message with { Content = "Should we launch next month?", From = "owner", FromKind = "user", SenderAgentId = "owner", Number = 1, Mentions = [], Depth = 0, Chain = new ChainView(0, 4, ["ceo", "cfo", "cto"], [], []) },
        false, "disk");

    public static readonly MeetingHistoryPage History = new([Message], 2);

    public static readonly MeetingStatsView Stats = new(
        12, 3, 3, 9, 41_200, 1_830, 0.0217, [new DepthCount(0, 4), new DepthCount(1, 3), new DepthCount(2, 2)], [new SpeakerCount("ceo", 4, 4, 18_300, 820, 0.0096)],
        [new MentionCount("ceo", "cto", 3)], [new EndingCount("depth", 1)]);

    public static readonly ListOf<MeetingTemplateView> Templates = new(
        [new MeetingTemplateView("standup", "A short round", 2, "depth", [new TemplateRole("facilitator", "keeps it short")], "Standup on {topic}.", true)]);
}
