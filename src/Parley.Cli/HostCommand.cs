using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley agent host|unhost|test</c></summary>
internal static class HostCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The agent's name.", HelpName = "name", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Text = new("text") { Description = "What it is asked; '-' reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Model = new("--model") { Description = "provider/model; 'parley models' lists them.", HelpName = "MODEL", Required = true };
    private static readonly Option<string?> Fallback = new("--fallback") { Description = "Asked where the model fails again and again.", HelpName = "MODEL" };
    private static readonly Option<string?> Persona = new("--persona") { Description = "A folder with AGENTS.md, SOUL.md and the like on the server's machine.", HelpName = "DIR" };
    private static readonly Option<int?> MaxOutput = new("--max-output") { Description = "The most tokens of one answer (default 2048).", HelpName = "TOKENS" };
    private static readonly Option<int?> Context = new("--context") { Description = "The tokens that a prompt may have (default 32000).", HelpName = "TOKENS" };
    private static readonly Option<TimeSpan?> TimeLimit = Durations.Option("--time-limit", "How long one model call may take (default 2m).", TimeSpan.FromSeconds(1));
    private static readonly Option<string[]> Tool = new("--tool") { Description = "An MCP server: a program with arguments, or an address; may be given several times.", HelpName = "NAME=COMMAND|URL" };

    public static Command Build() =>
        new ParleyCommand(
            "host", "Let Parley run the agent's turns on a language model.", "parley agent host tesla --model local/qwen2.5-7b-instruct",
            "parley agent host tesla --model anthropic/claude-sonnet-4-5 --fallback openai/gpt-5-mini --persona ./tesla", "parley agent host tesla --model demo/echo --tool files=\"mcp-files --root /srv/files\"")
        {
            Name, Model, Fallback, Persona, MaxOutput, Context, TimeLimit, Tool,
        }.Does(HostAsync);

    public static Command BuildUnhost() =>
        new ParleyCommand("unhost", "Let the agent connect by itself again; what it has not answered stays unread.", "parley agent unhost tesla") { Name }.Does(UnhostAsync);

    public static Command BuildTest() =>
        new ParleyCommand("test", "Ask the agent's model once, outside every conversation.", "parley agent test tesla \"Who are you?\"") { Name, Text }.Does(TestAsync);

    /// <summary>How an agent is hosted, below what is shown of it.</summary>
    public static IEnumerable<(string Name, string? Value)> Facts(HostingView hosting) =>
    [
        ("model", hosting.Model), ("fallback", hosting.FallbackModel), ("persona", hosting.Persona), ("max output", Format.Number(hosting.MaxOutputTokens)),
        ("context", Format.Number(hosting.ContextTokens)), ("time limit", Format.Duration(TimeSpan.FromSeconds(hosting.TimeLimit))),
        ("tools", hosting.Tools.Count == 0 ? null : string.Join("; ", hosting.Tools.Select(tool => $"{tool.Name}={tool.Url ?? string.Join(' ', tool.Command ?? [])}"))),
    ];

    private static async Task HostAsync(Invocation invocation, CancellationToken cancellation)
    {
        var request = new HostRequest(
            invocation.Get(Model), FallbackModel: invocation.Get(Fallback), Persona: invocation.Get(Persona) is { } folder ? Path.GetFullPath(folder) : null,
            MaxOutputTokens: invocation.Get(MaxOutput), ContextTokens: invocation.Get(Context), TimeLimit: invocation.Get(TimeLimit)?.TotalSeconds,
            Tools: invocation.Get(Tool) is { Length: > 0 } tools ? [.. tools.Select(Server)] : null);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var hosting = await client.Hosting.HostAsync(invocation.Get(Name)!, request, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(hosting, Screen.Wire.HostingView);
            return;
        }

        invocation.Screen.Line($"Parley runs {hosting.Agent} on {hosting.Model}. Try it out: parley agent test {hosting.Agent} \"Hello\"");
    }

    private static async Task UnhostAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Get(Name)!;
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        await client.Hosting.UnhostAsync(name, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Parley does not run {name} any more. What it has not answered stays unread.", ("unhosted", name));
    }

    private static async Task TestAsync(Invocation invocation, CancellationToken cancellation)
    {
        var text = await TextInput.ReadAsync(invocation.Get(Text), cancellation).ConfigureAwait(false);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(await client.Hosting.TestAsync(invocation.Get(Name)!, text, cancellation).ConfigureAwait(false), Screen.Wire.TestAnswer);
            return;
        }

        TestAnswer answer;
        try
        {
            answer = await client.Hosting.TestAsync(invocation.Get(Name)!, text, invocation.Screen.Piece, cancellation).ConfigureAwait(false);
        }
        finally
        {
            invocation.Screen.EndPieces();
        }

        foreach (var warning in answer.Warnings)
        {
            invocation.Screen.Note($"warning: {warning}");
        }

        invocation.Screen.Note($"{answer.Model}: {answer.Usage.Input + answer.Usage.Output} tokens, {RootsCommand.Money(answer.Cost) ?? "no known price"}, {Format.Duration(TimeSpan.FromSeconds(answer.Seconds))}");
    }

    private static ToolServerView Server(string text)
    {
        var (name, what) = text.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (text[..at], text[(at + 1)..].Trim()) : ("", "");
        if (what.Length == 0)
        {
            throw Refusal.Wrong($"'{text}' is no tool server.", "Write --tool files=\"mcp-files --root /srv/files\" or --tool web=https://tools.example.org/mcp.", "tool");
        }

        return what.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || what.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? new ToolServerView(name, Url: what)
            : new ToolServerView(name, what.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
