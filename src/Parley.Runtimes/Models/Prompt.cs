using System.Text.Json;
using Microsoft.Extensions.AI;
using Parley.Core.Turns;

namespace Parley.Runtimes.Models;

/// <summary>
/// A request in the form of the libraries. Neighbours of one role become one entry and the first entry is the world's, because servers and
/// model templates are about that refuse anything else.
/// </summary>
internal static class Prompt
{
    private const string Beginning = "(The conversation began earlier.)";

    public static List<ChatMessage> Messages(RuntimeRequest request, bool markCache)
    {
        var all = new List<ChatMessage>();
        if (request.Persona.Length > 0)
        {
            var persona = new TextContent(request.Persona);
            all.Add(new ChatMessage(ChatRole.System, [markCache ? persona.WithCacheControl(ttl: null) : persona]));
        }

        if (request.Instructions.Length > 0)
        {
            all.Add(new ChatMessage(ChatRole.System, request.Instructions));
        }

        var head = all.Count;
        foreach (var message in request.Messages)
        {
            Add(all, head, message);
        }

        return all;
    }

    public static ChatOptions Options(RuntimeRequest request, string model) => new()
    {
        ModelId = model,
        MaxOutputTokens = request.MaxOutputTokens,
        Tools = request.Tools.Count == 0 ? null : [.. request.Tools.Select(tool => (AITool)AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, Schema(tool)))],
    };

    private static void Add(List<ChatMessage> all, int head, PromptMessage message)
    {
        var (role, contents) = Entry(message);
        if (contents.Count == 0)
        {
            return;
        }

        if (all.Count == head && role != ChatRole.User)
        {
            all.Add(new ChatMessage(ChatRole.User, Beginning));
        }

        if (all.Count > head && all[^1].Role == role)
        {
            foreach (var content in contents)
            {
                all[^1].Contents.Add(content);
            }
        }
        else
        {
            all.Add(new ChatMessage(role, contents));
        }
    }

    private static (ChatRole Role, List<AIContent> Contents) Entry(PromptMessage message)
    {
        if (message.Role == PromptRole.Tool)
        {
            return (ChatRole.Tool, [new FunctionResultContent(message.ToolCallId ?? "", message.Text)]);
        }

        List<AIContent> contents = string.IsNullOrWhiteSpace(message.Text) ? [] : [new TextContent(message.Text)];
        contents.AddRange(message.ToolCalls.Select(call => new WrittenCall(call.Id, call.Name, call.Arguments)));
        return (message.Role == PromptRole.User ? ChatRole.User : ChatRole.Assistant, contents);
    }

    private static JsonElement Schema(ToolDefinition tool)
    {
        using var json = JsonDocument.Parse(tool.Schema);
        return json.RootElement.Clone();
    }
}
