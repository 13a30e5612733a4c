using System.Text;
using System.Text.Json.Nodes;
using Parley.Core.Turns;

namespace Parley.Runtimes.Programs;

/// <summary>A request as one text, for programs that take no system prompt. One that goes on in its own session is told only what is new.</summary>
internal static class ProgramPrompt
{
    private const string Gap = "\n\n";

    public static string Text(RuntimeRequest request, bool resumed)
    {
        if (resumed)
        {
            return string.Join(Gap, request.Instructions, request.Messages[^1].Text);
        }

        var text = new StringBuilder(request.Persona);
        foreach (var part in request.Messages.Select(Part).Prepend(request.Instructions).Where(part => part.Length > 0))
        {
            text.Append(text.Length > 0 ? Gap : "").Append(part);
        }

        return text.ToString();
    }

    /// <summary>The same in parts, for programs that put their prompt together themselves.</summary>
    public static string Json(RuntimeRequest request, string? model, string? session) => new JsonObject
    {
        ["prompt"] = Text(request, session is not null),
        ["session"] = session,
        ["model"] = model,
        ["persona"] = request.Persona,
        ["instructions"] = request.Instructions,
        ["messages"] = new JsonArray([.. request.Messages.Select(message => new JsonObject { ["role"] = RoleOf(message), ["text"] = message.Text })]),
    }.ToJsonString();

    private static string Part(PromptMessage message) => message.Role == PromptRole.Assistant ? $"You said:{Gap}{message.Text}" : message.Text;

    private static string RoleOf(PromptMessage message) => message.Role == PromptRole.Assistant ? "assistant" : "user";
}
