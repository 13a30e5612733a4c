using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>Codex: a table in <c>config.toml</c>, and hooks in <c>hooks.json</c> beside it.</summary>
internal static class Codex
{
    public const string Name = "codex";

    /// <summary>Seconds; a call that waits for a message may take five minutes.</summary>
    private const string ToolTimeout = "330";

    /// <summary>Seconds; a busy machine may need more than Codex's own ten.</summary>
    private const string StartTimeout = "30";

    private const int HookTimeout = 15;

    private static readonly string[] Events = ["SessionStart", "PostToolUse", "Stop"];

    public static KnownProgram Program { get; } = new(Name, "Codex", Changes)
    {
        Notes = wiring =>
        [
            "Start Codex again. It runs new hooks only after you have trusted them: type /hooks in it.",
            "It is told of messages when it begins, after each tool call, and before it ends its turn. No hook wakes a Codex that sits idle at its prompt.",
            $"To have an open session woken while it is idle: {wiring.Line("watch")} --exec 'codex queue --thread SESSION --message \"Parley: call check_messages.\"'",
        ],
    };

    private static IEnumerable<Change> Changes(Place place, Wiring wiring)
    {
        var folder = place.IsProject ? place.InFolder(".codex") : place.Named("CODEX_HOME", place.InHome(".codex"));
        yield return new TomlChange(
            Path.Combine(folder, "config.toml"), ["mcp_servers", Wiring.Server],
            [("command", JsonStyle.OneLine(wiring.Program)), ("args", new JsonStyle("", "").Write(wiring.McpArguments, "")), ("startup_timeout_sec", StartTimeout), ("tool_timeout_sec", ToolTimeout)]);
        foreach (var name in Events)
        {
            yield return HookGroup.Of(Path.Combine(folder, "hooks.json"), name, Name, new JsonObject { ["type"] = "command", ["command"] = wiring.Hook(Name), ["timeout"] = HookTimeout });
        }
    }
}
