using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Parley.Runtimes.Models;

/// <summary>A call of a tool with its arguments as the model wrote them, which may be no JSON at all.</summary>
internal sealed class WrittenCall(string callId, string name, string json) : FunctionCallContent(callId, name, Parse(json))
{
    public string Json { get; } = json;

    /// <summary>The arguments as an object, for servers that refuse a history with anything else.</summary>
    public string JsonObject => Arguments is null ? "{}" : Json;

    private static Dictionary<string, object?>? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
