using System.Text.Json.Nodes;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>What Parley writes beside the result of a spawned session: in the metadata, where no agent can write it.</summary>
public static class SessionResult
{
    /// <summary>The name in the metadata.</summary>
    public const string Name = Draft.Reserved + "session";

    /// <summary>The part that names the message which the parent's turn was about.</summary>
    public const string Asked = "asked";

    /// <summary>What stands at the head of a result in a prompt.</summary>
    public static readonly IReadOnlyList<string> Head = ["sessionKey", "label", "task", "status", "runtime", "tokens", "cost"];

    /// <summary>Whether the message reports the end of a spawned session.</summary>
    public static bool Is(Message message) => message is { ConversationKind: ConversationKind.Session, Type: MessageType.Result };

    /// <summary>The message that the parent's turn was about when it spawned the session, or null.</summary>
    public static Guid? AskedBy(Message message) => Is(message) && Guid.TryParse(Of(message)?[Asked]?.GetValue<string>(), out var id) ? id : null;

    /// <summary>What Parley wrote beside the result, or null.</summary>
    public static JsonObject? Of(Message message) => JsonNode.Parse(message.Metadata)?[Name] as JsonObject;
}
