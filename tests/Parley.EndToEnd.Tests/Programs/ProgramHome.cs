using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Programs;

/// <summary>A person's home folder with a server, two linked agents, and coding agents connected by <c>parley connect</c>.</summary>
internal sealed class ProgramHome : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    /// <summary>Milliseconds in which a program has to reach its tools: without them a busy machine's first prompt goes to a model that has none.</summary>
    private static readonly string Wait = Patience.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);

    private readonly NodeFolder programs;

    private ProgramHome(NodeFolder programs, ParleyProgram parley, ScriptedModel model) => (this.programs, Parley, Model) = (programs, parley, model);

    public ParleyProgram Parley { get; }

    public ScriptedModel Model { get; }

    public string Work => Path.Combine(Parley.Home, "work");

    public static async Task<ProgramHome> StartAsync()
    {
        var programs = await NodeFolder.PrepareAsync("programs", "node_modules/@anthropic-ai/claude-code/install.cjs");
        var home = new ProgramHome(programs, new ParleyProgram(), await ScriptedModel.StartAsync());
        Directory.CreateDirectory(home.Work);
        Directory.CreateDirectory(Path.Combine(home.Parley.Home, ".codex"));
        await File.WriteAllTextAsync(
            Path.Combine(home.Parley.Home, ".codex/config.toml"),
            $"model = \"gpt-5\"\nmodel_provider = \"scripted\"\n\n[model_providers.scripted]\nname = \"scripted\"\nbase_url = \"{home.Model.Address}/v1\"\nwire_api = \"responses\"\n");
        await home.Parley.ServeAsync();
        await home.Parley.DoAsync("connect", "claude-code", "--as", "tesla", "--create", "--yes");
        await home.Parley.DoAsync("connect", "codex", "--as", "aaron", "--create", "--yes");
        await home.Parley.DoAsync("link", "tesla", "aaron");
        return home;
    }

    /// <summary>One prompt, from beginning to end.</summary>
    public Task<Ran> ClaudeCodeAsync(string prompt) => RunAsync(programs.Program("claude"), "-p", prompt, "--allowedTools", "mcp__parley");

    /// <summary>One prompt, from beginning to end. Nobody is there who could look at the hooks and trust them.</summary>
    public Task<Ran> CodexAsync(string prompt) => RunAsync(programs.Program("codex"), "exec", "--skip-git-repo-check", "--dangerously-bypass-hook-trust", "-c", "mcp_servers.parley.startup_timeout_sec=120", prompt);

    /// <summary>A Claude Code that sits there and takes prompts, line by line.</summary>
    public Process OpenClaudeCode()
    {
        var start = Start(programs.Program("claude"), "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--allowedTools", "mcp__parley");
        // As a program does that keeps a conversation open through Claude Code's kit.
        start.Environment["CLAUDE_CODE_ENTRYPOINT"] = "sdk-ts";
        return Process.Start(start)!;
    }

    public async Task<IReadOnlyList<string>> InboxAsync(string agent) =>
        [.. (await Parley.DoAsync("inbox", "--as", agent, "--json")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("content").GetString()!)];

    public async Task<string> StateAsync(JsonElement sent) =>
        (await Parley.DoAsync("status", sent.GetProperty("message_id").GetString()!, "--json")).Json.GetProperty("deliveries")[0].GetProperty("state").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await Parley.DisposeAsync();
        await Model.DisposeAsync();
    }

    private async Task<Ran> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments))!;
        process.StandardInput.Close();
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end. The model heard:\n{string.Join("\n---\n", Model.Heard)}");
        }

        return new Ran(process.ExitCode, await output, await errors);
    }

    private ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Work, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["HOME"] = Parley.Home, ["ANTHROPIC_BASE_URL"] = Model.Address, ["ANTHROPIC_API_KEY"] = "sk-ant-scripted", ["DISABLE_AUTOUPDATER"] = "1", ["NO_PROXY"] = "*",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1", ["MCP_CONNECT_TIMEOUT_MS"] = Wait, ["MCP_TIMEOUT"] = Wait, ["CODEX_HOME"] = null, ["CLAUDE_CONFIG_DIR"] = null, ["PARLEY_DATA"] = null, ["PARLEY_URL"] = null, ["PARLEY_TOKEN"] = null,
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
