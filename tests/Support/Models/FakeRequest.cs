using System.Text.Json;

namespace Parley.Tests.Support;

/// <summary>A call that a fake provider got.</summary>
/// <param name="Path">Where it was sent.</param>
/// <param name="Headers">By name in small letters.</param>
/// <param name="Body">What was sent.</param>
public sealed record FakeRequest(string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body)
{
    private readonly Signal _gone = new();
    private readonly Signal _answered = new();

    /// <summary>Raised when the caller left before the answer was whole.</summary>
    public Signal Gone => _gone;

    /// <summary>Raised when the whole answer was written.</summary>
    public Signal Answered => _answered;

    public bool IsAnthropic => Path.EndsWith("/messages", StringComparison.Ordinal);

    public bool Streams => Body.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    public string Model => Body.GetProperty("model").GetString()!;

    /// <summary>The system prompt as one text.</summary>
    public string System => IsAnthropic
        ? Body.TryGetProperty("system", out var system) ? TextOf(system) : ""
        : string.Join('\n', Body.GetProperty("messages").EnumerateArray().Where(message => RoleOf(message) is "system" or "developer").Select(message => TextOf(message.GetProperty("content"))));

    /// <summary>The entries after the system prompt: role and text.</summary>
    public IReadOnlyList<(string Role, string Text)> Messages =>
        [.. Body.GetProperty("messages").EnumerateArray().Where(message => RoleOf(message) is not ("system" or "developer")).Select(message => (RoleOf(message), message.TryGetProperty("content", out var content) ? TextOf(content) : ""))];

    /// <summary>The text of the last entry.</summary>
    public string LastText => Messages[^1].Text;

    public IReadOnlyList<string> Tools => Body.TryGetProperty("tools", out var tools)
        ? [.. tools.EnumerateArray().Select(tool => (tool.TryGetProperty("function", out var function) ? function : tool).GetProperty("name").GetString()!)]
        : [];

    private static string RoleOf(JsonElement message) => message.GetProperty("role").GetString()!;

    private static string TextOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(TextOf)),
        JsonValueKind.Object when content.TryGetProperty("text", out var text) => text.GetString()!,
        JsonValueKind.Object when content.TryGetProperty("content", out var inner) => TextOf(inner),
        _ => "",
    };
}
