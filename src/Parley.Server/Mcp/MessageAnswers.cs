using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Server.Mapping;

namespace Parley.Server.Mcp;

/// <summary>Messages and receipts as a model reads them. Who said it stands outside the text.</summary>
internal static class MessageAnswers
{
    /// <summary>What became of a send. Ids are for programs and stand where no model pays for them.</summary>
    public static CallToolResult Of(SendReceipt receipt)
    {
        var message = receipt.Message;
        var answer = new JsonObject { ["verdict"] = WireNames.Of(message.Verdict), ["number"] = message.Number };
        if (receipt.Duplicate)
        {
            answer["duplicate"] = true;
        }

        if (message.ConversationKind != ConversationKind.Direct)
        {
            answer["recipients"] = receipt.DeliveryCount;
        }

        if (message.CreditsLeft is { } credits)
        {
            answer["credits_left"] = credits;
        }

        if (message.NotBefore is { } due)
        {
            answer["not_before"] = ToolAnswer.Minute(due);
        }

        return ToolAnswer.Of(answer, Meta(receipt));
    }

    public static JsonObject Meta(SendReceipt receipt) => new()
    {
        ["parley/message_id"] = receipt.Message.Id.ToString(), ["parley/conversation_id"] = receipt.Message.ConversationId.ToString(), ["parley/durability"] = receipt.Durability,
    };

    /// <summary>A message of the inbox; its number there is what a reply names.</summary>
    public static JsonObject Of(InboxItem item, long? answers)
    {
        var shown = new JsonObject { ["n"] = item.Number };
        Fill(shown, item.Message);
        if (Place(item.Message) is var (name, place))
        {
            shown[name] = place;
        }

        if (answers is { } number)
        {
            shown["answers"] = number;
        }

        if (item.Message.ReplyBy is { } by)
        {
            shown["reply_by"] = ToolAnswer.Minute(by);
        }

        shown["text"] = item.Message.Content;
        return shown;
    }

    /// <summary>A message of a channel or meeting; its number there is what a later read goes on from.</summary>
    public static JsonObject Of(Message message)
    {
        var shown = new JsonObject { ["n"] = message.Number };
        Fill(shown, message);
        if (WireNames.Of(message.Withheld) is { } withheld)
        {
            shown["withheld"] = withheld;
        }

        shown["text"] = message.Content;
        return shown;
    }

    private static void Fill(JsonObject shown, Message message)
    {
        // As one would write to it: an agent by its name, a person as user:NAME.
        shown["from"] = message.SenderKind == CallerKind.User ? PersonRoutes.Address + message.SenderName : message.SenderName;
        if (message.Type != MessageType.Chat)
        {
            shown["type"] = WireNames.Of(message.Type);
        }

        shown["at"] = ToolAnswer.Minute(message.CreatedAt);
    }

    private static (string Name, string Place)? Place(Message message) => message.ConversationKind switch
    {
        ConversationKind.Channel => ("channel", message.Channel ?? ""),
        ConversationKind.Meeting => ("meeting", message.ConversationId.ToString()),
        ConversationKind.Direct => null,
        _ => ("in", WireNames.Of(message.ConversationKind)),
    };
}
