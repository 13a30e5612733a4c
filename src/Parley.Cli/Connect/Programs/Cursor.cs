using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>Cursor: <c>mcp.json</c> and <c>hooks.json</c>.</summary>
internal static class Cursor
{
    public const string Name = "cursor";

    private static readonly string[] Events = ["sessionStart", "postToolUse", "stop"];

    public static KnownProgram Program { get; } = new(Name, "Cursor", Changes)
    {
        Notes = _ =>
        [
            "Start Cursor again, and look at its settings under MCP and Hooks.",
            "It is told of messages when a conversation begins, after each tool call, and when a turn ends (at most five times on end). Nothing wakes a Cursor that sits idle: ask it to wait with check_messages.",
        ],
    };

    private static IEnumerable<Change> Changes(Place place, Wiring wiring)
    {
        var folder = place.IsProject ? place.InFolder(".cursor") : place.InHome(".cursor");
        yield return KnownProgram.Server(Path.Combine(folder, "mcp.json"), ["mcpServers", Wiring.Server], new JsonObject { ["command"] = wiring.Program, ["args"] = wiring.McpArguments });
        foreach (var name in Events)
        {
            yield return new JsonChange(Path.Combine(folder, "hooks.json"), ["hooks", name], new JsonObject { ["command"] = wiring.Hook(Name) })
            {
                IsElement = true, IsOurs = node => Wiring.IsHook((node as JsonObject)?["command"], Name), Blank = "{\n  \"version\": 1\n}\n",
            };
        }
    }
}
