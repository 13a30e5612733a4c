using System.Text.Json;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Server.Mcp;

/// <summary>The forms of messages that agents agreed on, for a person to fill in and a model to send.</summary>
internal static class McpPrompts
{
    private const string Recipient = "to";
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    public static ListPromptsResult List() => new() { Prompts = [.. Templates.All.Select(Of)], TimeToLive = Keep, CacheScope = CacheScope.Public };

    /// <summary>The message that is meant, and whom to send it. Throws <see cref="ParleyError"/>.</summary>
    public static GetPromptResult Get(GetPromptRequestParams request)
    {
        var template = Templates.Find(request.Name);
        var values = (request.Arguments ?? new Dictionary<string, JsonElement>()).ToDictionary(
            pair => pair.Key, pair => pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText(), StringComparer.Ordinal);
        var to = values.Remove(Recipient, out var named) && !string.IsNullOrWhiteSpace(named) ? $"to {named.Trim()} " : "";
        var text = $"Send this {to}with send_agent_message, as it is:\n\n{template.Fill(values)}";
        return new GetPromptResult { Description = template.Use, Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = text } }] };
    }

    private static Prompt Of(MessageTemplate template) => new()
    {
        Name = template.Name, Description = template.Use,
        Arguments = [new PromptArgument { Name = Recipient, Description = "The agent it is for" }, .. template.Places.Select(place => Of(template, place))],
    };

    private static PromptArgument Of(MessageTemplate template, string place) => new()
    {
        Name = place, Required = !template.Text.Contains($"{{{place}?}}", StringComparison.Ordinal),
        Description = template.Text.Contains($"{{{place}...}}", StringComparison.Ordinal) ? "One line each" : place.Replace('_', ' '),
    };
}
