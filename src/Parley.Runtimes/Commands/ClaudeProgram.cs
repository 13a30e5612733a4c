using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>Claude Code without its terminal: <c>claude -p --output-format stream-json</c>.</summary>
internal static class ClaudeProgram
{
    public static CommandProfile Profile { get; } = new("claude", ["claude"], OutputForm.Lines, Build, Read);

    private static CommandLine Build(CommandCall call)
    {
        List<string> arguments = ["-p", "--output-format", "stream-json", "--verbose"];
        if (call.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        if (call.Resume is { } session)
        {
            arguments.AddRange(["--resume", session]);
        }

        var servers = call.ServersAs(
            url => new JsonObject { ["type"] = "http", ["url"] = url.ToString(), ["headers"] = new JsonObject { ["Authorization"] = $"Bearer ${{{ProgramHouse.TokenVariable}}}" } },
            server => server.Url is { } url
                ? new JsonObject { ["type"] = "http", ["url"] = url.ToString() }
                : new JsonObject { ["command"] = server.Command![0], ["args"] = new JsonArray([.. server.Command.Skip(1).Select(part => JsonValue.Create(part))]) });
        if (servers.Count > 0)
        {
            arguments.AddRange(["--mcp-config", new JsonObject { ["mcpServers"] = servers }.ToJsonString()]);
            // Nobody sits in front of it to allow them; what they may do is Parley's to decide.
            arguments.AddRange(["--allowedTools", string.Join(',', servers.Select(server => "mcp__" + server.Key))]);
        }

        return new CommandLine(arguments);
    }

    private static void Read(JsonElement line, ProgramReport report)
    {
        switch (line.Word("type"))
        {
            case "system":
                report.Session = line.Word("session_id") ?? report.Session;
                break;
            case "assistant":
                foreach (var part in line.At("message").List("content").Where(part => part.Word("type") == "tool_use"))
                {
                    report.Call(part.Word("id") ?? "", part.Word("name"), state: null);
                }

                break;
            case "user":
                foreach (var part in line.At("message").List("content").Where(part => part.Word("type") == "tool_result"))
                {
                    report.Call(part.Word("tool_use_id") ?? "", name: null, part.Flag("is_error") ? "failed" : "completed");
                }

                break;
            case "result":
                Result(line, report);
                break;
            default:
                break;
        }
    }

    private static void Result(JsonElement line, ProgramReport report)
    {
        report.Ended = true;
        report.Session = line.Word("session_id") ?? report.Session;
        report.Dollars = line.Money("total_cost_usd");
        if (line.At("usage") is { } usage)
        {
            var (cached, written) = (usage.Count("cache_read_input_tokens"), usage.Count("cache_creation_input_tokens"));
            report.Usage = new Usage(usage.Count("input_tokens") + cached + written, cached, usage.Count("output_tokens"), written);
        }

        var text = line.Word("result") ?? "";
        if (line.Flag("is_error") || line.Word("subtype") is { } kind && kind != "success")
        {
            report.Failure = text.Length > 0 ? text : line.Word("subtype") ?? "it does not say why";
            return;
        }

        report.Answer(text);
    }
}
