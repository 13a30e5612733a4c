using System.Globalization;
using System.Text;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>The turns of an agent's main session: direct messages, channels and <c>agent_chat</c>.</summary>
public sealed class MainSession : ISessionRules
{
    private const int HistoryMessages = 50;

    /// <inheritdoc/>
    public SessionKind Kind => SessionKind.Main;

    /// <summary>
    /// The message that the turn's last text answers: the newest direct message of a person, else the newest direct message, else the newest that mentions the agent;
    /// of results of work that was given away the one that asked for it; null where nobody addressed it.
    /// </summary>
    public static Message? TargetOf(TurnFacts facts)
    {
        var newest = facts.Unread.Select(item => item.Message).Reverse().Where(message => message.SenderKind != CallerKind.System && !SessionResult.Is(message)).ToList();
        return newest.Find(message => message.ConversationKind == ConversationKind.Direct && message.SenderKind == CallerKind.User)
            ?? newest.Find(message => message.ConversationKind == ConversationKind.Direct)
            ?? newest.Find(message => message.ConversationKind == ConversationKind.Session && !facts.Unread.Any(item => SessionResult.Is(item.Message) && item.Message.SessionId == message.SessionId))
            ?? newest.Find(message => message.Mentions.Contains(facts.Agent.Name))
            ?? facts.Asked;
    }

    /// <summary>A turn has one answer, so results of work that was asked for by one message are not mixed with others: else somebody who asked would hear nothing.</summary>
    public List<InboxItem> Choose(List<InboxItem> unread)
    {
        // What a session asked before it ended belongs to its result: nobody is there any more to be answered.
        var results = unread.Where(item => SessionResult.Is(item.Message)).ToLookup(item => item.Message.SessionId);
        Guid? AskedBy(InboxItem item) => SessionResult.AskedBy((item.Message.SessionId is { } session ? results[session].FirstOrDefault() : null)?.Message ?? item.Message);
        return unread.FindAll(item => AskedBy(item) == AskedBy(unread[0]));
    }

    /// <inheritdoc/>
    public async ValueTask<SessionSetup?> PrepareAsync(IUnitOfWork unit, AgentSession session, HostedAgent hosted, IReadOnlyList<InboxItem> unread)
    {
        var asked = unread.Select(item => SessionResult.AskedBy(item.Message)).LastOrDefault(id => id is not null);
        return new SessionSetup(hosted, asked is { } id ? await unit.Messages.FindAsync(session.OrganizationId, id) : null);
    }

    /// <inheritdoc/>
    public async ValueTask<SessionFrame> FrameAsync(IUnitOfWork unit, TurnFacts facts, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var line in await PeersAsync(unit, facts, now))
        {
            text.AppendLine(line);
        }

        text.Append(AnswerLine(facts));
        return new SessionFrame(text.ToString(), await HistoryAsync(unit, facts));
    }

    /// <inheritdoc/>
    public SendInput? Answer(TurnFacts facts, string text) => TargetOf(facts) is not { } target ? null : target.ConversationKind switch
    {
        ConversationKind.Channel => new SendInput { To = "#" + target.Channel, Project = target.ProjectId?.ToString(), Content = text, ReplyTo = target.Id },
        ConversationKind.Session => new SendInput { To = AgentSession.Address + target.SessionId, Content = text, ReplyTo = target.Id },
        ConversationKind.Chat => new SendInput { To = Router.ChatAddress, Content = text, ReplyTo = target.Id, Mentions = MentionsOf(text, target) },
        _ => new SendInput { To = target.SenderKind == CallerKind.User ? PersonRoutes.Address + target.SenderName : target.SenderName, Content = text, ReplyTo = target.Id },
    };

    /// <summary>Who wrote in <c>agent_chat</c> learns of the answer only by a mention.</summary>
    private static List<string> MentionsOf(string text, Message target)
    {
        var names = Mentions.In(text).ToList();
        if (target.SenderKind == CallerKind.Agent && !names.Contains(target.SenderName) && names.Count < Limits.Mentions)
        {
            names.Add(target.SenderName);
        }

        return names;
    }

    private static async ValueTask<List<string>> PeersAsync(IUnitOfWork unit, TurnFacts facts, DateTimeOffset now)
    {
        var peers = facts.Unread.Select(item => item.Message).Where(message => message is { ConversationKind: ConversationKind.Direct, SenderKind: CallerKind.Agent })
            .DistinctBy(message => message.SenderId).ToList();
        var lines = new List<string>();
        foreach (var peer in peers)
        {
            if (await unit.Links.FindAsync(facts.Agent.OrganizationId, facts.Agent.Id, peer.SenderId) is { } link)
            {
                lines.Add($"With {peer.SenderName}:");
                lines.Add(PeerPrompt.QuotaLine(link.Settings, await unit.Links.StateAsync(link.Id), now));
            }
        }

        return peers.Count == 0 ? [] : [PeerPrompt.Instruction, .. lines, ""];
    }

    private static string AnswerLine(TurnFacts facts)
    {
        if (TargetOf(facts) is not { } target)
        {
            return $"Nobody addressed you: your last text is sent to nobody. Where something has to be said, use {BuiltInTools.SendName} or {BuiltInTools.PostName}.";
        }

        var place = target.ConversationKind == ConversationKind.Direct
            ? (target.SenderKind == CallerKind.User ? "the person " : "") + target.SenderName
            : $"{Blocks.PlaceOf(target)}, where {target.SenderName} addressed you";
        var others = facts.Unread.Any(item => item.Message.ConversationId != target.ConversationId)
            ? $" What waits in other conversations is answered with {BuiltInTools.SendName} and {BuiltInTools.PostName}, only where an answer is needed."
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"Your last text is sent to {place}, as the answer to message {target.Number}. Write only what is to be sent.{others}");
    }

    private static async ValueTask<List<HistoryEntry>> HistoryAsync(IUnitOfWork unit, TurnFacts facts)
    {
        // Of the conversation in which the work was asked for, what another turn has to answer is not the past yet.
        var waiting = facts.Asked is null ? [] : await unit.Turns.UnreadAsync(facts.Agent.Id, conversationId: null, Limits.PageRows);
        var unread = facts.Unread.Concat(waiting).Select(item => item.Message.Id).ToHashSet();
        var newest = facts.Unread.Max(item => item.Message.CreatedAt);
        var history = new List<Message>();
        foreach (var conversation in facts.Unread.Select(item => item.Message).Append(facts.Asked).OfType<Message>().Select(message => message.ConversationId).Distinct())
        {
            history.AddRange(await unit.Messages.PageAsync(
                new HistoryQuery(facts.Agent.OrganizationId, conversation, ReaderAgentId: facts.Agent.Id, Before: long.MaxValue, Limit: HistoryMessages)));
        }

        return [.. history
            .Where(message => !unread.Contains(message.Id) && IsPast(message, facts, newest))
            .OrderBy(message => message.CreatedAt).ThenBy(message => message.Number)
            .Select(message => new HistoryEntry(message, message.SenderId == facts.Agent.Id))];
    }

    /// <summary>What others said since is the next turn's; what this turn has sent is in its own steps.</summary>
    private static bool IsPast(Message message, TurnFacts facts, DateTimeOffset newest) => message.SenderId == facts.Agent.Id
        ? message.Withheld is Withheld.No or Withheld.Deferred && message.Key?.StartsWith(TurnKeys.Begin(facts.TurnId), StringComparison.Ordinal) is not true
        : message.Withheld == Withheld.No && message.CreatedAt <= newest;
}
