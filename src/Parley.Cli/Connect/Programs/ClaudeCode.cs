using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>Claude Code: <c>.claude.json</c> or <c>.mcp.json</c>, and hooks in <c>settings.json</c> that wait in the background.</summary>
internal static class ClaudeCode
{
    public const string Name = "claude-code";

    /// <summary>Seconds after which a hook that waits is ended; the next turn begins another.</summary>
    private const int Day = 86400;

    private static readonly string[] Events = ["SessionStart", "PostToolUse", "Stop"];

    public static KnownProgram Program { get; } = new(Name, "Claude Code", Changes)
    {
        Notes = wiring =>
        [
            "Start Claude Code again, and look at /mcp. It asks before it uses a tool of Parley for the first time.",
            "It is woken while it sits idle at its prompt, and told of messages between two tool calls. A 'claude -p' that has ended is not woken.",
            $"It may also watch by itself, with its Monitor tool: {wiring.Line("watch")}",
        ],
    };

    private static IEnumerable<Change> Changes(Place place, Wiring wiring)
    {
        var own = place.Environment("CLAUDE_CONFIG_DIR") is { Length: > 0 } named ? named : null;
        var servers = place.IsProject ? place.InFolder(".mcp.json") : Path.Combine(own ?? place.Home, ".claude.json");
        var settings = place.IsProject ? place.InFolder(".claude", "settings.json") : Path.Combine(own ?? place.InHome(".claude"), "settings.json");
        yield return KnownProgram.Server(servers, ["mcpServers", Wiring.Server], new JsonObject { ["type"] = "stdio", ["command"] = wiring.Program, ["args"] = wiring.McpArguments });
        foreach (var name in Events)
        {
            // In the background: a message that comes ends it with code 2, and that wakes the model.
            yield return HookGroup.Of(settings, name, Name, new JsonObject
            {
                ["type"] = "command", ["command"] = wiring.WaitingHook(Name), ["asyncRewake"] = true, ["timeout"] = Day,
            });
        }
    }
}
