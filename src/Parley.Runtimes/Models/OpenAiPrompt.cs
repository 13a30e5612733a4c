using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using WireMessage = OpenAI.Chat.ChatMessage;

namespace Parley.Runtimes.Models;

/// <summary>The entries of a prompt as OpenAI's format has them: one system entry first, and one entry for each tool's answer.</summary>
internal static class OpenAiPrompt
{
    private const string Gap = "\n\n";

    public static List<WireMessage> Of(IEnumerable<ChatMessage> messages)
    {
        var all = messages.ToList();
        var system = string.Join(Gap, all.Where(message => message.Role == ChatRole.System).Select(Words));
        List<WireMessage> wire = system.Length == 0 ? [] : [new SystemChatMessage(system)];
        wire.AddRange(all.Where(message => message.Role != ChatRole.System).SelectMany(Entries));
        return wire;
    }

    private static IEnumerable<WireMessage> Entries(ChatMessage message)
    {
        if (message.Role == ChatRole.Tool)
        {
            return message.Contents.OfType<FunctionResultContent>().Select(result => new ToolChatMessage(result.CallId, result.Result?.ToString() ?? ""));
        }

        return [message.Role == ChatRole.Assistant ? Assistant(message) : new UserChatMessage(Words(message))];
    }

    private static AssistantChatMessage Assistant(ChatMessage message)
    {
        var calls = message.Contents.OfType<WrittenCall>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(call.JsonObject))).ToList();
        if (calls.Count == 0)
        {
            return new AssistantChatMessage(Words(message));
        }

        var entry = new AssistantChatMessage(calls);
        if (Words(message) is { Length: > 0 } words)
        {
            entry.Content.Add(ChatMessageContentPart.CreateTextPart(words));
        }

        return entry;
    }

    private static string Words(ChatMessage message) => string.Join(Gap, message.Contents.OfType<TextContent>().Select(content => content.Text));
}
