using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>How a program is called once a turn, and how it answers.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Program">The program where a person names none.</param>
/// <param name="Form">What it prints.</param>
/// <param name="Build">Its arguments and what it is given beside them.</param>
/// <param name="Read">Takes a piece of JSON that it printed.</param>
internal sealed record CommandProfile(string Name, IReadOnlyList<string> Program, OutputForm Form, Func<CommandCall, CommandLine> Build, Action<JsonElement, ProgramReport> Read)
{
    public static IReadOnlyList<CommandProfile> All { get; } =
        [ClaudeProgram.Profile, CodexProgram.Profile, GeminiProgram.Profile, OpenCodeProgram.Profile, .. CustomProgram.Profiles];

    /// <summary>Whether it is given JSON instead of a text.</summary>
    public bool TakesJson { get; init; }

    public static CommandProfile? Find(HostedProgram program) =>
        All.FirstOrDefault(profile => profile.Name == (program.Profile == CustomProgram.Name ? CustomProgram.NameOf(program.Format) : program.Profile));
}

/// <summary>What a program prints.</summary>
internal enum OutputForm
{
    /// <summary>The answer.</summary>
    Text,

    /// <summary>One JSON object at its end.</summary>
    Json,

    /// <summary>A JSON object a line.</summary>
    Lines,
}

/// <summary>What a program is called for.</summary>
/// <param name="Model">The model that a person named, or null.</param>
/// <param name="Resume">Its own session, or null for a new one.</param>
/// <param name="Mcp">Parley's door for tools; null where it gets none.</param>
/// <param name="Servers">The other MCP servers that it is handed.</param>
internal sealed record CommandCall(string? Model, string? Resume, Uri? Mcp, IReadOnlyList<ToolServer> Servers)
{
    /// <summary>The names of MCP servers with what reaches them, in the form that a program wants.</summary>
    public JsonObject ServersAs(Func<Uri, JsonObject> parley, Func<ToolServer, JsonObject> other)
    {
        var all = new JsonObject();
        foreach (var server in Servers)
        {
            all[server.Name] = other(server);
        }

        if (Mcp is not null)
        {
            all["parley"] = parley(Mcp);
        }

        return all;
    }
}

/// <summary>How a program is called.</summary>
/// <param name="Arguments">Behind the program.</param>
internal sealed record CommandLine(IReadOnlyList<string> Arguments)
{
    /// <summary>Variables that carry its configuration; never a secret, which stands in a variable of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A file with its configuration for this run, and the variable that names it; null for none.</summary>
    public (string Variable, string Content)? File { get; init; }
}
