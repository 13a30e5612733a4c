using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Parley.Cli.Connect;

/// <summary>Starts an MCP server as a program does, and talks to it.</summary>
internal sealed class McpProbe : IDisposable
{
    private readonly Process process;
    private int last;

    public McpProbe(IReadOnlyList<string> words) =>
        process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>The names of its tools. Throws <see cref="IOException"/> where it ends or answers with an error.</summary>
    public async Task<IReadOnlyList<string>> ListToolsAsync(CancellationToken cancellation)
    {
        await AskAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = "parley-connect", ["version"] = "1" } }, isCall: false, cancellation).ConfigureAwait(false);
        await process.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""").ConfigureAwait(false);
        var answer = await AskAsync("tools/list", [], isCall: false, cancellation).ConfigureAwait(false);
        return [.. answer["tools"]!.AsArray().Select(tool => tool!["name"]!.GetValue<string>())];
    }

    public async Task<JsonNode> CallAsync(string tool, JsonObject arguments, CancellationToken cancellation) => (await AskAsync(tool, arguments, cancellation).ConfigureAwait(false)).Result;

    /// <summary>A tool's answer, and what stands beside it for the program.</summary>
    public async Task<(JsonNode Result, string Meta)> AskAsync(string tool, JsonObject arguments, CancellationToken cancellation)
    {
        var result = await AskAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments }, isCall: true, cancellation).ConfigureAwait(false);
        var text = result["content"]![0]!["text"]!.GetValue<string>();
        return result["isError"]?.GetValue<bool>() == true ? throw new IOException($"{tool}: {text}") : (JsonNode.Parse(text)!, result["_meta"]?.ToJsonString() ?? "");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task<JsonNode> AskAsync(string method, JsonObject parameters, bool isCall, CancellationToken cancellation)
    {
        var id = ++last;
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };
        await process.StandardInput.WriteLineAsync(request.ToJsonString().AsMemory(), cancellation).ConfigureAwait(false);
        await process.StandardInput.FlushAsync(cancellation).ConfigureAwait(false);
        while (await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (JsonNode.Parse(line) is JsonObject answer && answer["id"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number && answer["id"]!.GetValue<int>() == id)
            {
                return answer["result"] ?? throw new IOException($"{method}: {answer["error"]?["message"]}");
            }
        }

        var errors = await process.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false);
        throw new IOException($"The command ended{(isCall ? " during a call" : "")}: {errors.Trim()}");
    }
}
