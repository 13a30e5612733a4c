using System.Text.Json;

namespace Parley.Cli.Mcp;

/// <summary>What a line of the client has to say about itself.</summary>
/// <param name="Id">The request's id as it is written; null for a notification or an answer.</param>
/// <param name="Method">The method; null for an answer.</param>
/// <param name="Version">The version of the protocol that the request names, or null.</param>
/// <param name="Name">The tool, prompt or resource that is meant.</param>
/// <param name="Keyed">Whether the call has an idempotency key.</param>
/// <param name="Cancelled">The id of the request that a notification gives up.</param>
internal sealed record McpLine(string? Id, string? Method, string? Version, string? Name, bool Keyed, string? Cancelled)
{
    private const string VersionField = "io.modelcontextprotocol/protocolVersion";

    /// <summary>Calls that wait for somebody, and hold nobody up.</summary>
    private static readonly string[] Waiting = ["check_messages", "sessions_send"];

    /// <summary>Tools that may be called again where an answer was lost: nothing happens twice.</summary>
    private static readonly string[] Harmless = ["check_messages", "list_agents", "read_channel", "sessions_list"];

    public bool IsCall => Method == "tools/call";

    /// <summary>Whether it keeps its place among the others: what is sent first is numbered first.</summary>
    public bool IsOrdered => IsCall && !Waiting.Contains(Name);

    /// <summary>Whether it may be asked again when its answer was lost.</summary>
    public bool IsRepeatable => !IsCall || Keyed || Harmless.Contains(Name);

    /// <summary>Reads a line; null for what is no message.</summary>
    public static McpLine? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var parameters = Find(root, "params");
            var arguments = Find(parameters, "arguments");
            return new McpLine(
                root.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id.GetRawText() : null,
                Text(root, "method"), Text(Find(parameters, "_meta"), VersionField), Text(parameters, "name") ?? Text(parameters, "uri"), Text(arguments, "key") is not null,
                Text(root, "method") == "notifications/cancelled" && parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("requestId", out var cancelled) ? cancelled.GetRawText() : null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement Find(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement of, string name) => Find(of, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
