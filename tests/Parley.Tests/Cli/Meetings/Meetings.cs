using Parley.Client.Wire;

namespace Parley.Tests.Cli.Meetings;

/// <summary>Meetings and their messages as a server would answer them.</summary>
internal static class Meetings
{
    public static MeetingView Of(int chainLength) => new()
    {
        Id = Guid.NewGuid(), Name = "meeting-1", Topic = "", State = "open", ChainLength = chainLength, Strategy = "depth", Limits = new Dictionary<string, int>(), Participants = [],
        Head = 0, Waiting = [], Suggestions = [], Warnings = [], CreatedBy = "owner", CreatedAt = DateTimeOffset.UnixEpoch, Revision = 1,
    };

    public static MessageView Message(long number, string from, string text, ChainView chain, Guid? id = null, Guid? replyTo = null) => new()
    {
        Id = id ?? Guid.NewGuid(), Type = "chat", MessageType = "chat", Content = text, From = from, FromKind = from == "owner" ? "user" : "agent", SenderAgentId = from, SenderAgentType = "", AgentType = "",
        ConversationId = Guid.Empty, ConversationKind = "meeting", Number = number, IsPeerDm = false, Mentions = [], ReplyTo = replyTo, RootId = Guid.Empty, Depth = 0, Chain = chain, CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
