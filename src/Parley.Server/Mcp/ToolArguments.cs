using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>The arguments of a tool call as a model wrote them. Numbers and switches may come as text.</summary>
internal sealed class ToolArguments(Tool tool, IDictionary<string, JsonElement>? given)
{
    /// <summary>Up to here every whole number has a real one of its own.</summary>
    private const double LargestReal = 1L << 53;

    /// <summary>Refuses names that the tool does not have.</summary>
    public void Check()
    {
        var known = tool.InputSchema.GetProperty("properties");
        foreach (var name in given?.Keys ?? [])
        {
            if (!known.TryGetProperty(name, out _))
            {
                throw ParleyError.Invalid(
                    Shorten(name), $"{tool.Name} has no argument '{Shorten(name)}'.", $"Use {string.Join(", ", known.EnumerateObject().Select(property => property.Name))}.");
            }
        }
    }

    public string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, "a text");

    public string Required(string name) => Text(name) ?? throw ParleyError.Invalid(name, $"'{name}' is missing.", $"Call {tool.Name} with '{name}'.");

    public long? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        // Some programs write every number as a real one: 30.0
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var real) && double.IsInteger(real) && Math.Abs(real) <= LargestReal => (long)real,
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong(name, "a whole number"),
    };

    public bool Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.String } value when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    public TimeSpan? Seconds(string name, int most) => Number(name) switch
    {
        null => null,
        >= 0 and var seconds when seconds <= most => TimeSpan.FromSeconds(seconds),
        _ => throw ParleyError.Invalid(name, $"'{name}' is out of bounds.", $"Use 0 to {most} seconds."),
    };

    /// <summary>A number of rows; <paramref name="usual"/> where none is given.</summary>
    public int Limit(int usual) => Number("limit") switch
    {
        null => usual,
        >= 1 and <= Limits.PageRows and var rows => (int)rows,
        _ => throw ParleyError.Invalid("limit", "The limit is out of bounds.", $"Use 1 to {Limits.PageRows}."),
    };

    public IReadOnlyList<string>? Texts(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => [value.GetString()!],
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw Wrong(name, "a list of texts"),
    };

    /// <summary>A JSON object as it was written; some programs write it as text.</summary>
    public string? Object(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value.GetRawText(),
        { ValueKind: JsonValueKind.String } value when IsObject(value.GetString()!) => value.GetString(),
        _ => throw Wrong(name, "a JSON object"),
    };

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private JsonElement? Find(string name) =>
        given is not null && given.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    private static ParleyError Wrong(string name, string form) => ParleyError.Invalid(name, $"'{name}' is not {form}.", $"Send {form}.");

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
