using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Cli.Shell;

namespace Parley.Cli.Connect;

/// <summary>What the programs are told to run.</summary>
/// <param name="Command">The words with which this program is called.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Options">Options that say where the server and its tokens are, where that is not plain.</param>
internal sealed record Wiring(IReadOnlyList<string> Command, string Agent, IReadOnlyList<string> Options)
{
    /// <summary>The name under which programs know the tools.</summary>
    public const string Server = "parley";

    public string Program => Command[0];

    /// <summary>What follows the program's name to get the tools.</summary>
    public IReadOnlyList<string> Mcp => [.. Command.Skip(1), "mcp", "--as", Agent, .. Options];

    public JsonArray McpArguments => [.. Mcp.Select(word => (JsonNode)word)];

    /// <summary>A line for a shell that runs a command for this agent.</summary>
    public string Line(string command, params string[] more) => string.Join(' ', ((IEnumerable<string>)[.. Command, .. command.Split(' '), "--as", Agent, .. Options, .. more]).Select(Quote));

    /// <summary>The line that a program runs at its own events.</summary>
    public string Hook(string program, params string[] more) => Line($"hook {program}", more);

    /// <summary>The same for a hook that waits: without the shell in between, so that it sees the program end.</summary>
    public string WaitingHook(string program) => $"{(OperatingSystem.IsWindows() ? "" : "exec ")}{Hook(program, "--wait")}";

    public static bool IsHook(JsonNode? command, string program) =>
        command is JsonValue value && value.TryGetValue<string>(out var line) && line.Contains($" hook {program} --as ", StringComparison.Ordinal);

    /// <summary>True for an MCP server that is <c>parley mcp</c>, in whichever form the program has it.</summary>
    public static bool IsServer(JsonNode? node) =>
        node is JsonObject server && Words(server["args"] ?? server["command"]) is var words && words.Contains("mcp") && words.Contains("--as");

    public static IReadOnlyList<string> Words(JsonNode? node) =>
        node is JsonArray array ? [.. array.Select(word => word?.GetValueKind() == JsonValueKind.String ? word.GetValue<string>() : "")] : [];

    /// <summary>How this program is called from anywhere: the launcher's full path where a checkout started it.</summary>
    /// <param name="typed">The launcher's name, as <c>PARLEY_COMMAND</c> says it.</param>
    /// <param name="process">The path of the process.</param>
    /// <param name="assembly">The path of the program's main file.</param>
    public static IReadOnlyList<string> Call(string? typed, string process, string assembly) => typed switch
    {
        { Length: > 0 } when typed != CommandName.Usual => [Path.GetFullPath(typed)],
        _ when Path.GetFileNameWithoutExtension(process) == "dotnet" => [process, assembly],
        _ => [process],
    };

    private static string Quote(string word)
    {
        if (word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '/' or ':' or '=' or '@' or '+' or '%' or ',' || (OperatingSystem.IsWindows() && letter == '\\')))
        {
            return word;
        }

        return OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
