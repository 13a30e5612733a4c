using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley agent remote add|list|refresh|test|remove</c></summary>
internal static class RemoteCommand
{
    private static readonly Argument<string> Agent = new("agent") { Description = "The agent's name here.", HelpName = "agent", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string> Url = new("url") { Description = "Its A2A card, or the address below which it lies; outbound in parley.json has to allow it.", HelpName = "url" };
    private static readonly Argument<string?> Text = new("text") { Description = "What it is told; default 'ping'.", HelpName = "text", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Name = new("--name") { Description = "Its name here; default one made of the card's.", HelpName = "NAME" };
    private static readonly Option<string?> Project = new("--project") { Description = "The project whose #general it joins; default the only one.", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<string?> Token = new("--token") { Description = "The bearer token for it, stored encrypted; '-' reads standard input.", HelpName = "TOKEN" };
    private static readonly Option<string?> TokenEnv = new("--token-env") { Description = "The server's environment variable that holds the token: PARLEY_REMOTE_…", HelpName = "VARIABLE" };
    private static readonly Option<bool> Preview = new("--preview") { Description = "Show what would be added, and add nothing." };

    public static Command Build() =>
        new ParleyCommand("remote", "Add, list and try agents of other servers that speak A2A.", "parley agent remote add https://agents.example.org --name translator", "parley agent remote list")
        {
            new ParleyCommand(
                "add", "Read an agent's card and add it; then link it.", "parley agent remote add https://agents.example.org --preview", "parley agent remote add https://agents.example.org --name translator",
                "parley agent remote add https://agents.example.org --token - < token.txt", "parley agent remote add https://agents.example.org --token-env PARLEY_REMOTE_TRANSLATOR")
            {
                Url, Name, Project, Token, TokenEnv, Preview,
            }.Does(AddAsync),
            new ParleyCommand("list", "List the remote agents and what is under way to them.", "parley agent remote list", "parley agent remote list --json").Does(ListAsync),
            new ParleyCommand("refresh", "Read its card again.", "parley agent remote refresh translator") { Agent }.Does(RefreshAsync),
            new ParleyCommand("test", "Send it a message that is kept nowhere, and show what it answers.", "parley agent remote test translator \"Good morning\"") { Agent, Text }.Does(TestAsync),
            new ParleyCommand("remove", "Remove it; its messages stay.", "parley agent remote remove translator") { Agent }.Does(RemoveAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var token = invocation.Get(Token) is { } given ? (await TextInput.ReadAsync(given, cancellation).ConfigureAwait(false)).Trim() : null;
        var preview = invocation.Get(Preview);
        var request = new AddRemoteRequest(invocation.Get(Url), invocation.Get(Name), invocation.Get(Project), token, invocation.Get(TokenEnv), preview ? true : null);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var remote = await client.Remotes.AddAsync(request, cancellation).ConfigureAwait(false);
        if (!invocation.Screen.IsJson)
        {
            invocation.Screen.Say(preview ? $"This would add the agent {remote.Name}:" : $"Added the agent {remote.Name}. Let others write to it: parley link AGENT {remote.Name}");
        }

        Show(invocation.Screen, remote);
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var remotes = await client.Remotes.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(remotes, Screen.Wire.ListOfRemoteView);
            return;
        }

        invocation.Screen.Table(
            remotes.Items, "There are no remote agents: 'parley agent remote add URL' adds one.",
            ("NAME", remote => remote.Name), ("A2A", remote => $"{remote.Version} {remote.Binding}"), ("UNDER WAY", remote => remote.Call?.Phase), ("ATTEMPTS", remote => remote.Call is { } call ? Format.Number(call.Attempts) : ""),
            ("URL", remote => remote.Url), ("REASON", remote => remote.Call?.Reason));
    }

    private static async Task RefreshAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await client.Remotes.RefreshAsync(invocation.Get(Agent)!, cancellation).ConfigureAwait(false));
    }

    private static async Task<int> TestAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var answer = await client.Remotes.TestAsync(invocation.Get(Agent)!, new TestRemoteRequest(invocation.Get(Text)), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(answer, Screen.Wire.RemoteAnswerView);
        }
        else
        {
            invocation.Screen.Line($"It is {answer.State.Replace('_', ' ')}{(answer.TaskId is { } task ? $" (task {SafeText.Line(task)})" : "")}{(answer.Text is null ? "." : ":")}");
            if (answer.Text is { } text)
            {
                invocation.Screen.Line($"  {SafeText.Line(text)}");
            }
        }

        return answer.State == "failed" ? ExitCode.Failure : ExitCode.Ok;
    }

    private static async Task RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = invocation.Get(Agent)!;
        if (!(await client.Remotes.ListAsync(cancellation).ConfigureAwait(false)).Items.Any(remote => remote.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusal.Wrong($"'{name}' is no remote agent.", "Look at the list: parley agent remote list", "agent");
        }

        await client.Agents.RemoveAsync(name, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Removed the remote agent {name}; its messages stay.", ("removed", name));
    }

    private static void Show(Screen screen, RemoteView remote)
    {
        if (screen.IsJson)
        {
            screen.Json(remote, Screen.Wire.RemoteView);
            return;
        }

        screen.Facts(
            ("calls itself", remote.CardName), ("says", remote.Description), ("skills", remote.Skills is { } skills ? string.Join(", ", skills) : null), ("card", remote.Card), ("called at", remote.Url),
            ("speaks", $"A2A {remote.Version}, {remote.Binding}"), ("token", remote.Token));
    }
}
