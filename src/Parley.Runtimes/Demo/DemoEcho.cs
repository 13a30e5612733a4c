using System.Text.Json;
using System.Text.RegularExpressions;
using Parley.Core.Turns;

namespace Parley.Runtimes.Demo;

/// <summary><c>demo/echo</c>: says what it was told, and calls a tool where the text asks for it.</summary>
internal static partial class DemoEcho
{
    private const string Send = "send_agent_message";
    private static readonly string[] s_receivers = ["to", "agent", "recipient", "peer", "name"];
    private static readonly string[] s_texts = ["content", "message", "text", "body"];

    public static DemoReply Answer(DemoPrompt prompt)
    {
        if (prompt.ToolResult is { } result)
        {
            return new DemoReply($"The tool answered: {result}");
        }

        var text = Plain(prompt.Last.Text);
        return Tell().Match(text) is { Success: true } tell ? CallSend(prompt, tell.Groups["name"].Value, tell.Groups["text"].Value.Trim())
            : Tool().Match(text) is { Success: true } tool ? Call(prompt, tool.Groups["name"].Value, tool.Groups["json"].Value.Trim())
            : new DemoReply(string.Join('\n', prompt.Asked.Select(block => Plain(block.Text))) is { Length: > 0 } said ? said : "(nothing)");
    }

    private static DemoReply CallSend(DemoPrompt prompt, string to, string text)
    {
        var fields = Fields(prompt.Tools.FirstOrDefault(tool => tool.Name == Send)?.Schema);
        return Call(prompt, Send, JsonSerializer.Serialize(new Dictionary<string, string>
        {
            [s_receivers.FirstOrDefault(fields.Contains) ?? s_receivers[0]] = to,
            [s_texts.FirstOrDefault(fields.Contains) ?? s_texts[0]] = text,
        }));
    }

    private static DemoReply Call(DemoPrompt prompt, string name, string json) => prompt.Tools.Any(tool => tool.Name == name)
        ? new DemoReply("", [new ToolCall("demo_call_1", name, json.Length == 0 ? "{}" : json)])
        : new DemoReply($"I have no tool '{name}'.");

    private static HashSet<string> Fields(string? schema)
    {
        if (schema is null)
        {
            return [];
        }

        using var json = JsonDocument.Parse(schema);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("properties", out var fields) && fields.ValueKind == JsonValueKind.Object
            ? [.. fields.EnumerateObject().Select(field => field.Name)]
            : [];
    }

    // An echo of the mention that asked it would ask whoever is mentioned.
    private static string Plain(string text) => DemoScript.WithoutMentions(text);

    [GeneratedRegex(@"^tell\s+@?(?<name>[\w.-]+)\s*:\s*(?<text>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tell();

    [GeneratedRegex(@"^tool:\s*(?<name>[\w-]{1,64})\s*(?<json>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tool();
}
