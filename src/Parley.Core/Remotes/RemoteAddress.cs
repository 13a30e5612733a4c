using System.Text;
using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Remotes;

/// <summary>Which messages a remote agent is called for, and where its answers go.</summary>
internal static class RemoteAddress
{
    private const string Cut = "\n[cut: the answer was longer than a message may be]";

    /// <summary>Why the remote agent is not called for a message; null where it is.</summary>
    public static string? ReasonAgainst(Agent agent, Message message) => message switch
    {
        { SenderKind: CallerKind.System } => "Notices are not handed to remote agents.",
        { ConversationKind: ConversationKind.Channel } when !message.Mentions.Contains(agent.Name) && !message.Mentions.Any(agent.Aliases.Contains) => "In channels a remote agent is called where it is mentioned.",
        { ConversationKind: ConversationKind.Session } => "Sessions are not handed to remote agents.",
        _ => null,
    };

    /// <summary>The agent, as which Parley sends the answer.</summary>
    public static Caller CallerOf(Agent agent) => new(CallerKind.Agent, agent.OrganizationId, agent.Id, agent.Name, Role.Member, Scopes.Read | Scopes.Send, Guid.Empty);

    /// <summary>The answer to a message, in the conversation where it was said and in its chain.</summary>
    public static SendInput AnswerTo(Message message, string answer)
    {
        var input = new SendInput { Content = Fitting(answer), ReplyTo = message.Id, Key = $"a2a:{message.Id:n}" };
        return message.ConversationKind switch
        {
            ConversationKind.Channel => input with { To = "#" + message.Channel, Project = message.ProjectId?.ToString() },
            ConversationKind.Chat => input with { To = Router.ChatAddress },
            ConversationKind.Meeting => input with { To = $"meeting:{message.ConversationId}" },
            _ when message.SenderKind == CallerKind.User => input with { To = PersonRoutes.Address + message.SenderName },
            _ => input with { To = "@" + message.SenderName },
        };
    }

    private static string Fitting(string answer)
    {
        if (Encoding.UTF8.GetByteCount(answer) <= Limits.ContentBytes)
        {
            return answer;
        }

        var left = Limits.ContentBytes - Encoding.UTF8.GetByteCount(Cut);
        var text = new StringBuilder();
        foreach (var rune in answer.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
            {
                break;
            }

            text.Append(rune);
        }

        return text.Append(Cut).ToString();
    }
}
