using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>Gemini CLI: servers and hooks in one <c>settings.json</c>.</summary>
internal static class Gemini
{
    public const string Name = "gemini";

    /// <summary>Milliseconds; a call that waits for a message may take five minutes.</summary>
    private const int ToolTimeout = 330_000;

    private const int HookTimeout = 15_000;

    private static readonly string[] Events = ["SessionStart", "AfterTool", "AfterAgent"];

    public static KnownProgram Program { get; } = new(Name, "Gemini CLI", Changes)
    {
        Notes = _ =>
        [
            "Start Gemini CLI again, and look at /mcp and /hooks.",
            "It is told of messages when it begins, after each tool call, and before it ends its turn. Nothing wakes a Gemini CLI that sits idle at its prompt: ask it to wait with check_messages.",
        ],
    };

    private static IEnumerable<Change> Changes(Place place, Wiring wiring)
    {
        var settings = place.IsProject ? place.InFolder(".gemini", "settings.json") : Path.Combine(place.Named("GEMINI_CLI_HOME", place.Home), ".gemini", "settings.json");
        yield return KnownProgram.Server(settings, ["mcpServers", Wiring.Server], new JsonObject { ["command"] = wiring.Program, ["args"] = wiring.McpArguments, ["timeout"] = ToolTimeout });
        foreach (var name in Events)
        {
            yield return HookGroup.Of(
                settings, name, Name, new JsonObject { ["name"] = $"parley-{name.ToLowerInvariant()}", ["type"] = "command", ["command"] = wiring.Hook(Name), ["timeout"] = HookTimeout },
                name == "AfterTool" ? "*" : null);
        }
    }
}
