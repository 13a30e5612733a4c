using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>Visual Studio Code: <c>mcp.json</c> of the person or the workspace.</summary>
internal static class VsCode
{
    public static KnownProgram Program { get; } = new("vscode", "VS Code", Changes)
    {
        HasHooks = false,
        Notes = _ =>
        [
            "Run the command 'MCP: List Servers' in VS Code and start parley.",
            "VS Code has the tools only. Nothing tells or wakes its agent: ask it to wait with check_messages.",
        ],
    };

    private static IEnumerable<Change> Changes(Place place, Wiring wiring) =>
    [
        KnownProgram.Server(
            place.IsProject ? place.InFolder(".vscode", "mcp.json") : Path.Combine(OfPerson(place), "Code", "User", "mcp.json"),
            ["servers", Wiring.Server], new JsonObject { ["type"] = "stdio", ["command"] = wiring.Program, ["args"] = wiring.McpArguments }),
    ];

    private static string OfPerson(Place place) =>
        OperatingSystem.IsMacOS() ? place.InHome("Library", "Application Support")
        : OperatingSystem.IsWindows() ? place.Named("APPDATA", place.InHome("AppData", "Roaming"))
        : place.Named("XDG_CONFIG_HOME", place.InHome(".config"));
}
