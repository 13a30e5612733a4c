using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Acp;

/// <summary>The MCP servers that are handed over with a session.</summary>
internal static class AcpServers
{
    /// <summary>What a server of its own may be told of the environment: the names that its settings list.</summary>
    public static Func<ToolServer, JsonArray> Environment(ProgramRun run, Dictionary<string, string> environment) => server => Variables(
        (server.Environment ?? []).Where(environment.ContainsKey).Select(name => (name, environment[name])));

    /// <summary>All of them, Parley's own by HTTP where the program speaks that, else through a program that does.</summary>
    public static (JsonArray Servers, string? Warning) Of(ProgramRun run, bool http, IReadOnlyList<string>? bridge, Func<ToolServer, JsonArray> environment)
    {
        var (all, left) = (new JsonArray(), new List<string>());
        foreach (var server in run.Servers)
        {
            if (server.Url is null)
            {
                all.Add(Program(server.Name, server.Command!, environment(server)));
            }
            else if (http)
            {
                all.Add(Address(server.Name, server.Url, []));
            }
            else
            {
                left.Add(server.Name);
            }
        }

        if (run.Pass is { } pass)
        {
            if (http)
            {
                all.Add(Address("parley", new Uri(pass.Server, "/mcp"), [new JsonObject { ["name"] = "Authorization", ["value"] = $"Bearer {pass.Token}" }]));
            }
            else if (bridge is not null)
            {
                all.Add(Program(
                    "parley", [.. bridge, run.AgentName], Variables([(ProgramHouse.UrlVariable, pass.Server.ToString().TrimEnd('/')), (ProgramHouse.TokenVariable, pass.Token)])));
            }
            else
            {
                left.Add("parley");
            }
        }

        return (all, left.Count == 0 ? null : $"The program reaches no MCP server by HTTP; it has no tools of: {string.Join(", ", left)}.");
    }

    private static JsonObject Program(string name, IReadOnlyList<string> command, JsonArray environment) => new()
    {
        ["name"] = name, ["command"] = command[0], ["args"] = new JsonArray([.. command.Skip(1).Select(part => JsonValue.Create(part))]), ["env"] = environment,
    };

    private static JsonObject Address(string name, Uri url, JsonArray headers) => new() { ["type"] = "http", ["name"] = name, ["url"] = url.ToString(), ["headers"] = headers };

    private static JsonArray Variables(IEnumerable<(string Name, string Value)> variables) =>
        new([.. variables.Select(variable => new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value })]);
}
