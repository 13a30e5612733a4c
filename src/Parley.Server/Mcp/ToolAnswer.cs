using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>Answers as a model reads them: one line of JSON, with no more than it can act on.</summary>
internal static class ToolAnswer
{
    /// <summary>Text that only a model reads needs no escapes for browsers.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string TextOf(JsonObject answer) => answer.ToJsonString(Plain);

    public static CallToolResult Of(JsonObject answer, JsonObject? meta = null) => new() { Content = [new TextContentBlock { Text = TextOf(answer) }], Meta = meta };

    public static CallToolResult Of(ParleyError error)
    {
        var answer = new JsonObject { ["code"] = error.Code.Name, ["message"] = error.Message, ["fix"] = error.Fix };
        if (error.Field is not null)
        {
            answer["field"] = error.Field;
        }

        if (error.RetryAfter is { } wait)
        {
            answer["retry_after"] = Math.Max(0, Math.Ceiling(wait.TotalSeconds));
        }

        foreach (var (name, value) in error.Details ?? new Dictionary<string, object>())
        {
            answer[name] = JsonSerializer.SerializeToNode(value);
        }

        return new CallToolResult { Content = [new TextContentBlock { Text = TextOf(answer) }], IsError = true };
    }

    /// <summary>A time to the minute.</summary>
    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> of) => new([.. items.Select(of)]);
}
