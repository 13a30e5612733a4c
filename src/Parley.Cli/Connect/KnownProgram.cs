using System.Text.Json.Nodes;
using Parley.Cli.Connect.Programs;

namespace Parley.Cli.Connect;

/// <summary>A program that can be connected.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Changes">What is put into its files.</param>
internal sealed record KnownProgram(string Name, string Title, Func<Place, Wiring, IEnumerable<Change>> Changes)
{
    /// <summary>False where it has no files of a project.</summary>
    public bool HasProject { get; init; } = true;

    /// <summary>True where it runs commands of ours at its own events.</summary>
    public bool HasHooks { get; init; } = true;

    /// <summary>What a person does next, and what the program cannot do.</summary>
    public required Func<Wiring, IReadOnlyList<string>> Notes { get; init; }

    public static IReadOnlyList<KnownProgram> All { get; } =
        [ClaudeCode.Program, Codex.Program, OpenCode.Program, Gemini.Program, Cursor.Program, OpenClaw.Program, VsCode.Program];

    /// <summary>The list of tools in a JSON file.</summary>
    public static JsonChange Server(string file, IReadOnlyList<string> path, JsonObject server) => new(file, path, server) { IsOurs = Wiring.IsServer };
}
