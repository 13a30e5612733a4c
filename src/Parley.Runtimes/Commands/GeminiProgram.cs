using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>Gemini CLI without its terminal: <c>gemini --output-format json</c>.</summary>
internal static class GeminiProgram
{
    /// <summary>Its settings that go before all others; the only way to hand it MCP servers for one run.</summary>
    private const string SettingsVariable = "GEMINI_CLI_SYSTEM_SETTINGS_PATH";

    public static CommandProfile Profile { get; } = new("gemini", ["gemini"], OutputForm.Json, Build, Read);

    private static CommandLine Build(CommandCall call)
    {
        // The prompt comes on standard input; an empty one here makes it answer and end.
        List<string> arguments = ["--output-format", "json", "--prompt", "", "--skip-trust"];
        if (call.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        if (call.Resume is { } session)
        {
            arguments.AddRange(["--resume", session]);
        }

        var servers = call.ServersAs(
            url => new JsonObject { ["httpUrl"] = url.ToString(), ["headers"] = new JsonObject { ["Authorization"] = $"Bearer ${ProgramHouse.TokenVariable}" }, ["trust"] = true },
            server => server.Url is { } url
                ? new JsonObject { ["httpUrl"] = url.ToString(), ["trust"] = true }
                : new JsonObject { ["command"] = server.Command![0], ["args"] = new JsonArray([.. server.Command.Skip(1).Select(part => JsonValue.Create(part))]), ["trust"] = true });
        return new CommandLine(arguments) { File = servers.Count == 0 ? null : (SettingsVariable, new JsonObject { ["mcpServers"] = servers }.ToJsonString()) };
    }

    private static void Read(JsonElement whole, ProgramReport report)
    {
        report.Session = whole.Word("session_id");
        if (whole.At("error") is { } error)
        {
            report.Failure = error.Word("message") ?? "it does not say why";
            return;
        }

        if (whole.At("stats").At("models") is { ValueKind: JsonValueKind.Object } models)
        {
            foreach (var tokens in models.EnumerateObject().Select(model => model.Value.At("tokens")).OfType<JsonElement>())
            {
                report.Usage = (report.Usage ?? default)
                    + new Usage(tokens.Count("prompt") + tokens.Count("tool"), tokens.Count("cached"), tokens.Count("candidates") + tokens.Count("thoughts"));
            }
        }

        if (whole.At("stats").At("tools").At("byName") is { ValueKind: JsonValueKind.Object } tools)
        {
            foreach (var tool in tools.EnumerateObject())
            {
                report.Call(tool.Name, tool.Name, tool.Value.Count("fail") > 0 ? "failed" : "completed");
            }
        }

        if (whole.Word("response") is { } text)
        {
            report.Ended = true;
            report.Answer(text);
        }
    }
}
