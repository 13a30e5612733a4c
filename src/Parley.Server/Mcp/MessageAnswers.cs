using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Tasks;
using Parley.Server.Mapping;

namespace Parley.Server.Mcp;

/// <summary>Messages and receipts as a model reads them. Who said it stands outside the text.</summary>
internal static class MessageAnswers
{
    /// <summary>What became of a send, and of the task that it answers. Ids are for programs and stand where no model pays for them.</summary>
    public static CallToolResult Of(SendReceipt receipt, TaskStage? task = null)
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

        if (task is { } stage)
        {
            answer["task"] = TaskRules.NameOf(stage);
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
        var shown = Begin(item.Number, item.Message);
        AddType(shown, item.Message);
        if (answers is { } number)
        {
            shown["answers"] = number;
        }

        return End(shown, item.Message);
    }

    /// <summary>A message that gives a task or belongs to one: how far the task is now, and which message gave it, stand for its type.</summary>
    public static JsonObject Of(InboxItem item, AskedTask task)
    {
        var shown = Begin(item.Number, item.Message);
        shown["task"] = TaskRules.NameOf(task.Stage);
        if (task.Number is { } given && given != item.Number)
        {
            shown["of"] = given;
        }

        return End(shown, item.Message);
    }

    /// <summary>A message of a channel or meeting; its number there is what a later read goes on from.</summary>
    public static JsonObject Of(Message message)
    {
        var shown = Begin(message.Number, message);
        AddType(shown, message);
        if (WireNames.Of(message.Withheld) is { } withheld)
        {
            shown["withheld"] = withheld;
        }

        shown["text"] = message.Content;
        return shown;
    }

    /// <summary>The sender as one would write to it: an agent by its name, a person as user:NAME.</summary>
    private static JsonObject Begin(long number, Message message) => new()
    {
        ["n"] = number,
        ["from"] = message.SenderKind == CallerKind.User ? PersonRoutes.Address + message.SenderName : message.SenderName,
        ["at"] = ToolAnswer.Minute(message.CreatedAt),
    };

    private static void AddType(JsonObject shown, Message message)
    {
        if (message.Type != MessageType.Chat)
        {
            shown["type"] = WireNames.Of(message.Type);
        }
    }

    private static JsonObject End(JsonObject shown, Message message)
    {
        if (Place(message) is var (name, place))
        {
            shown[name] = place;
        }

        if (message.ReplyBy is { } by)
        {
            shown["reply_by"] = ToolAnswer.Minute(by);
        }

        shown["text"] = message.Content;
        return shown;
    }

    private static (string Name, string Place)? Place(Message message) => message.ConversationKind switch
    {
        ConversationKind.Channel => ("channel", message.Channel ?? ""),
        ConversationKind.Meeting => ("meeting", message.ConversationId.ToString()),
        ConversationKind.Direct => null,
        _ => ("in", WireNames.Of(message.ConversationKind)),
    };
}
