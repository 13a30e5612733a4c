using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>OpenCode without its terminal: <c>opencode run --format json</c>.</summary>
internal static class OpenCodeProgram
{
    private const string ConfigVariable = "OPENCODE_CONFIG_CONTENT";

    public static CommandProfile Profile { get; } = new("opencode", ["opencode"], OutputForm.Lines, Build, Read);

    private static CommandLine Build(CommandCall call)
    {
        List<string> arguments = ["run", "--format", "json"];
        if (call.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        if (call.Resume is { } session)
        {
            arguments.AddRange(["--session", session]);
        }

        var servers = call.ServersAs(
            url => new JsonObject
            {
                ["type"] = "remote", ["url"] = url.ToString(), ["oauth"] = false, ["headers"] = new JsonObject { ["Authorization"] = $"Bearer {{env:{ProgramHouse.TokenVariable}}}" },
            },
            server => server.Url is { } url
                ? new JsonObject { ["type"] = "remote", ["url"] = url.ToString() }
                : new JsonObject { ["type"] = "local", ["command"] = new JsonArray([.. server.Command!.Select(part => JsonValue.Create(part))]) });
        return new CommandLine(arguments)
        {
            Environment = servers.Count == 0 ? new Dictionary<string, string>() : new() { [ConfigVariable] = new JsonObject { ["mcp"] = servers }.ToJsonString() },
        };
    }

    private static void Read(JsonElement line, ProgramReport report)
    {
        report.Session = line.Word("sessionID") ?? report.Session;
        var part = line.At("part");
        switch (line.Word("type"))
        {
            case "text":
                report.Ended = true;
                report.Answer(part.Word("text") ?? "");
                break;
            case "tool_use":
                report.Call(part.Word("callID") ?? "", part.Word("tool"), part.At("state").Word("status"));
                break;
            case "step_finish" when part is { } step:
                Count(step, report);
                break;
            case "error":
                report.Failure = line.At("error").At("data").Word("message") ?? line.At("error").Word("name") ?? "it does not say why";
                break;
            default:
                break;
        }
    }

    private static void Count(JsonElement step, ProgramReport report)
    {
        report.Dollars = step.Money("cost") is { } cost ? (report.Dollars ?? 0) + cost : report.Dollars;
        if (step.At("tokens") is { } tokens)
        {
            var (cached, written) = (tokens.At("cache")?.Count("read") ?? 0, tokens.At("cache")?.Count("write") ?? 0);
            report.Usage = (report.Usage ?? default) + new Usage(tokens.Count("input") + cached + written, cached, tokens.Count("output") + tokens.Count("reasoning"), written);
        }
    }
}
