using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>Codex without its terminal: <c>codex exec --json</c>.</summary>
internal static class CodexProgram
{
    public static CommandProfile Profile { get; } = new("codex", ["codex"], OutputForm.Lines, Build, Read);

    private static CommandLine Build(CommandCall call)
    {
        List<string> arguments = call.Resume is { } session ? ["exec", "resume", "--json", "--skip-git-repo-check"] : ["exec", "--json", "--skip-git-repo-check"];
        if (call.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        if (call.Mcp is { } url)
        {
            Set(arguments, "parley.url", JsonValue.Create(url.ToString()));
            Set(arguments, "parley.bearer_token_env_var", JsonValue.Create(ProgramHouse.TokenVariable));
            // Nobody sits in front of it to allow them; what they may do is Parley's to decide.
            Set(arguments, "parley.default_tools_approval_mode", JsonValue.Create("approve"));
        }

        foreach (var server in call.Servers)
        {
            if (server.Url is { } address)
            {
                Set(arguments, $"{server.Name}.url", JsonValue.Create(address.ToString()));
                continue;
            }

            Set(arguments, $"{server.Name}.command", JsonValue.Create(server.Command![0]));
            Set(arguments, $"{server.Name}.args", new JsonArray([.. server.Command.Skip(1).Select(part => JsonValue.Create(part))]));
            Set(arguments, $"{server.Name}.env_vars", new JsonArray([.. (server.Environment ?? []).Select(name => JsonValue.Create(name))]));
        }

        return new CommandLine([.. arguments, .. call.Resume is { } id ? [id] : Array.Empty<string>(), "-"]);
    }

    // Texts and lists of texts are written in TOML as in JSON.
    private static void Set(List<string> arguments, string name, JsonNode value) => arguments.AddRange(["-c", $"mcp_servers.{name}={value.ToJsonString()}"]);

    private static void Read(JsonElement line, ProgramReport report)
    {
        switch (line.Word("type"))
        {
            case "thread.started":
                report.Session = line.Word("thread_id");
                break;
            case "item.started" or "item.completed":
                Item(line.At("item"), line.Word("type") == "item.completed", report);
                break;
            case "turn.completed":
                report.Ended = true;
                if (line.At("usage") is { } usage)
                {
                    report.Usage = new Usage(usage.Count("input_tokens"), usage.Count("cached_input_tokens"), usage.Count("output_tokens"));
                }

                break;
            case "turn.failed":
                report.Failure = line.At("error").Word("message") ?? "it does not say why";
                break;
            case "error":
                // Codex goes on after some of them; the end of the turn decides.
                report.Warnings.Add($"codex: {line.Word("message")}");
                break;
            default:
                break;
        }
    }

    private static void Item(JsonElement? item, bool done, ProgramReport report)
    {
        switch (item.Word("type"))
        {
            case "agent_message" when done:
                report.Answer(item.Word("text") ?? "");
                break;
            case "command_execution" or "mcp_tool_call" or "file_change" or "web_search":
                report.Call(item.Word("id") ?? "", item.Word("command") ?? item.Word("tool") ?? item.Word("type"), item.Word("status") ?? (done ? "completed" : null));
                break;
            default:
                break;
        }
    }
}
