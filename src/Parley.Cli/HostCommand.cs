using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley agent host|unhost|test</c></summary>
internal static class HostCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The agent's name.", HelpName = "name", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Text = new("text") { Description = "What it is asked; '-' reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Model = new("--model") { Description = "provider/model; 'parley models' lists them. For a program the model as the program names it.", HelpName = "MODEL" };
    private static readonly Option<string?> Fallback = new("--fallback") { Description = "Asked where the model fails again and again.", HelpName = "MODEL" };
    private static readonly Option<string?> Persona = new("--persona") { Description = "A folder with AGENTS.md, SOUL.md and the like on the server's machine.", HelpName = "DIR" };
    private static readonly Option<int?> MaxOutput = new("--max-output") { Description = "The most tokens of one answer (default 2048).", HelpName = "TOKENS" };
    private static readonly Option<int?> Context = new("--context") { Description = "The tokens that a prompt may have (default 32000).", HelpName = "TOKENS" };
    private static readonly Option<TimeSpan?> TimeLimit = Durations.Option("--time-limit", "How long one model call (default 2m) or one run of a program (default 15m) may take.", TimeSpan.FromSeconds(1));
    private static readonly Option<string[]> Tool = new("--tool") { Description = "An MCP server: a program with arguments, or an address; may be given several times.", HelpName = "NAME=COMMAND|URL" };

    private static readonly Option<string?> Runtime = new("--runtime") { Description = "How it thinks: model, command (a program, run once a turn) or acp (a coding agent over the Agent Client Protocol).", HelpName = "RUNTIME" };
    private static readonly Option<string?> Profile = new("--profile") { Description = "Which program: claude, codex, gemini, opencode or custom.", HelpName = "PROFILE" };
    private static readonly Option<string?> Program = new("--command") { Description = "The program with its first arguments, quoted as in a shell; without it the profile's own.", HelpName = "COMMAND" };
    private static readonly Option<string?> Folder = new("--folder") { Description = "Where the program runs; without it in a folder of its own for each session.", HelpName = "DIR" };
    private static readonly Option<string[]> Variables = new("--env") { Description = "An environment variable of the server that the program gets; may be given several times.", HelpName = "NAME" };
    private static readonly Option<string?> Form = new("--format") { Description = "What a custom program reads and prints: text, json or jsonl.", HelpName = "FORMAT" };
    private static readonly Option<string?> Permissions = new("--permissions") { Description = "Who answers when the program asks for permission: ask (a person), allow or deny.", HelpName = "POLICY" };

    static HostCommand()
    {
        Runtime.AcceptOnlyFromAmong("model", "command", "acp");
        Profile.AcceptOnlyFromAmong("claude", "codex", "gemini", "opencode", "custom");
        Form.AcceptOnlyFromAmong("text", "json", "jsonl");
        Permissions.AcceptOnlyFromAmong("ask", "allow", "deny");
    }

    public static Command Build() =>
        new ParleyCommand(
            "host", "Let Parley run the agent's turns on a language model or a program.", "parley agent host tesla --model local/qwen2.5-7b-instruct",
            "parley agent host tesla --model anthropic/claude-sonnet-4-5 --fallback openai/gpt-5-mini --persona ./tesla", "parley agent host tesla --model demo/echo --tool files=\"mcp-files --root /srv/files\"",
            "parley agent host tesla --runtime command --profile claude --folder ~/shop --env ANTHROPIC_API_KEY", "parley agent host tesla --runtime acp --profile gemini --permissions ask",
            "parley agent host tesla --runtime command --command \"./answer.sh\"")
        {
            Name, Model, Fallback, Persona, MaxOutput, Context, TimeLimit, Tool, Runtime, Profile, Program, Folder, Variables, Form, Permissions,
        }.Does(HostAsync);

    public static Command BuildUnhost() =>
        new ParleyCommand("unhost", "Let the agent connect by itself again; what it has not answered stays unread.", "parley agent unhost tesla") { Name }.Does(UnhostAsync);

    public static Command BuildTest() =>
        new ParleyCommand("test", "Ask the agent's model once, outside every conversation.", "parley agent test tesla \"Who are you?\"") { Name, Text }.Does(TestAsync);

    /// <summary>How an agent is hosted, below what is shown of it.</summary>
    public static IEnumerable<(string Name, string? Value)> Facts(HostingView hosting) =>
    [
        ("model", hosting.Model), ("fallback", hosting.FallbackModel), ("persona", hosting.Persona), ("max output", hosting.Program is null ? Format.Number(hosting.MaxOutputTokens) : null),
        ("context", Format.Number(hosting.ContextTokens)), ("time limit", Format.Duration(TimeSpan.FromSeconds(hosting.TimeLimit))),
        ("runtime", hosting.Program is null ? null : hosting.Runtime), ("profile", hosting.Program?.Profile), ("command", hosting.Program?.Command is { } command ? CommandWords.Join(command) : null),
        ("folder", hosting.Program is { } program ? program.Folder ?? "one for each session" : null), ("variables", hosting.Program?.Environment is { } names ? string.Join(' ', names) : null),
        ("format", hosting.Program?.Format), ("permissions", hosting.Program?.Permissions),
        ("tools", hosting.Tools.Count == 0 ? null : string.Join("; ", hosting.Tools.Select(tool => $"{tool.Name}={tool.Url ?? string.Join(' ', tool.Command ?? [])}"))),
    ];

    private static async Task HostAsync(Invocation invocation, CancellationToken cancellation)
    {
        var request = new HostRequest(
            invocation.Get(Model), invocation.Get(Runtime), FallbackModel: invocation.Get(Fallback), Persona: invocation.Get(Persona) is { } folder ? Path.GetFullPath(folder) : null,
            MaxOutputTokens: invocation.Get(MaxOutput), ContextTokens: invocation.Get(Context), TimeLimit: invocation.Get(TimeLimit)?.TotalSeconds,
            Tools: invocation.Get(Tool) is { Length: > 0 } tools ? [.. tools.Select(Server)] : null, Program: ProgramOf(invocation));
        if (request is { Model: null, Program: null })
        {
            throw Refusal.Wrong("It is not said how the agent thinks.", "Give a model: --model demo/echo, or a program: --runtime command --profile claude.", "model");
        }

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

    private static ProgramView? ProgramOf(Invocation invocation)
    {
        var (profile, command) = (invocation.Get(Profile), invocation.Get(Program));
        var says = profile is not null || command is not null || invocation.Get(Folder) is not null || invocation.Get(Variables) is { Length: > 0 } || invocation.Get(Form) is not null
            || invocation.Get(Permissions) is not null || invocation.Get(Runtime) is "command" or "acp";
        if (!says)
        {
            return null;
        }

        if (invocation.Get(Runtime) is null or "model")
        {
            throw Refusal.Wrong("A program needs a runtime that starts it.", "Add --runtime command or --runtime acp.", "runtime");
        }

        return new ProgramView(
            profile ?? "custom", command is null ? null : CommandWords.Split(command), invocation.Get(Folder) is { } folder ? Path.GetFullPath(folder) : null,
            invocation.Get(Variables), invocation.Get(Form), invocation.Get(Permissions));
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
            : new ToolServerView(name, CommandWords.Split(what));
    }
}
