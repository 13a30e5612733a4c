using System.CommandLine;
using Parley.Cli.Sessions;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley session steer|kill|send</c></summary>
internal static class SessionControls
{
    private const int Most = 500;
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(30);

    private static readonly Argument<string?> Message = new("message") { Description = "What is said; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Target = new("to") { Description = "A session, or an agent: then its main session.", HelpName = "session|agent", CompletionSources = { Suggestions.SessionsAndAgents } };
    private static readonly Option<string?> Agent = new("--agent") { Description = "The session of that label with this agent; it is spawned where there is none.", HelpName = "AGENT", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why, for those who look.", HelpName = "TEXT" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "End what it has spawned too, without asking." };
    private static readonly Option<TimeSpan?> Wait = Durations.Option("--wait", "Wait for the answer so long (default 30s, at most 10m); exit code 5 where none came.", TimeSpan.FromSeconds(1));
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Only tell." };

    public static Command BuildSteer() =>
        new ParleyCommand("steer", "Put a message into a running session; it takes it before its next model call.", "parley session steer api \"Leave the invoices out\"", "parley session steer api - < notes.md")
        {
            SessionCommand.Session, Message, SendCommand.Key,
        }.Does(SteerAsync);

    public static Command BuildKill() =>
        new ParleyCommand("kill", "End a session and what it has spawned; who spawned it is told.", "parley session kill api", "parley session kill api --reason \"No longer needed\" --yes")
        {
            SessionCommand.Session, Reason, Yes,
        }.Does(KillAsync);

    public static Command BuildSend() =>
        new ParleyCommand(
            "send", "Say something to a session or an agent and wait for the answer.",
            "parley session send patton \"May we announce it?\" --as ghost", "parley session send api \"How far are you?\" --wait 2m", "parley session send api \"Hurry up\" --no-wait", "parley session send notes \"The build is green\" --agent tesla")
        {
            Target, Message, Agent, Wait, NoWait, SendCommand.Key,
        }.Does(SendAsync);

    private static async Task SteerAsync(Invocation invocation, CancellationToken cancellation)
    {
        var text = await TextInput.ReadAsync(invocation.Get(Message), cancellation).ConfigureAwait(false);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = await SessionNames.ResolveAsync(client, invocation.Get(SessionCommand.Session)!, cancellation).ConfigureAwait(false);
        var receipt = await client.Sessions.SteerAsync(name, text, invocation.Get(SendCommand.Key), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(receipt, Screen.Wire.SendResponse);
            return;
        }

        var next = receipt is { Verdict: "accepted", Duplicate: false } ? "; the session takes it before its next model call" : "";
        invocation.Screen.Line(SendCommand.Describe(receipt, invocation.Screen) + next);
    }

    private static async Task KillAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var typed = invocation.Get(SessionCommand.Session)!;
        var name = await SessionNames.ResolveAsync(client, typed, cancellation).ConfigureAwait(false);
        var below = await BelowAsync(client, name, cancellation).ConfigureAwait(false);
        if (below.Count > 0 && !invocation.Get(Yes) && !Confirmed(invocation.Screen, below))
        {
            throw Refusal.Wrong($"'{typed}' has spawned {Count(below)} that would end too.", $"Repeat it with --yes: parley session kill {typed} --yes", "yes");
        }

        var killed = await client.Sessions.KillAsync(name, invocation.Get(Reason), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(killed, Screen.Wire.SessionView);
            return;
        }

        invocation.Screen.Line($"Killed {killed.SessionKey}{(below.Count > 0 ? $" and {Count(below)} below it" : "")}; {SafeText.Line(killed.Parent)} gets that as its result.");
    }

    private static async Task<int> SendAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(NoWait) && invocation.Get(Wait) is not null)
        {
            throw Refusal.Wrong("--wait and --no-wait do not go together.", "Write one of them.", "wait");
        }

        var text = await TextInput.ReadAsync(invocation.Get(Message), cancellation).ConfigureAwait(false);
        var wait = invocation.Get(NoWait) ? TimeSpan.Zero : invocation.Get(Wait) ?? UsualWait;
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var request = new SessionSendRequest(Message: text, Wait: wait.TotalSeconds, Key: invocation.Get(SendCommand.Key));
        request = invocation.Get(Agent) is { } agent
            ? request with { Label = invocation.Get(Target), AgentId = agent }
            : request with { SessionKey = await SessionNames.ResolveAsync(client, invocation.Get(Target)!.TrimStart('@'), cancellation).ConfigureAwait(false) };
        var answer = await client.Sessions.SendAsync(request, cancellation).ConfigureAwait(false);
        var screen = invocation.Screen;
        if (screen.IsJson)
        {
            screen.Json(answer, Screen.Wire.SessionSendResponse);
        }
        else if (answer.Reply is { } reply)
        {
            screen.Line($"{SafeText.Line(answer.ReplyFrom)}: {SafeText.Lines(reply)}");
        }
        else
        {
            screen.Say($"{answer.MessageId}: {Describe(answer.Status)}{(wait > TimeSpan.Zero ? ", not answered" : "")}. See more: parley status {answer.MessageId}");
        }

        return answer.Status == "answered" || wait == TimeSpan.Zero ? ExitCode.Ok : ExitCode.TryLater;
    }

    private static string Describe(string status) => status switch
    {
        "held" => "held until a person approves it",
        "deferred" => "deferred, the quota is used up",
        _ => status,
    };

    private static async Task<IReadOnlyList<SessionView>> BelowAsync(ParleyClient client, string name, CancellationToken cancellation)
    {
        var details = await client.Sessions.ReadAsync(name, cancellation: cancellation).ConfigureAwait(false);
        var open = (await client.Sessions.ListAsync(active: true, limit: Most, cancellation: cancellation).ConfigureAwait(false)).Items;
        return SessionTree.EndedWith(details.Session.Id, [.. open.Concat(details.Children).DistinctBy(session => session.Id)]);
    }

    private static bool Confirmed(Screen screen, IReadOnlyList<SessionView> below)
    {
        if (!screen.IsTerminal || Console.IsInputRedirected)
        {
            return false;
        }

        screen.Line($"This ends {Count(below)} below it too: {string.Join(", ", below.Take(5).Select(session => SafeText.Line(session.Label ?? session.AgentId)))}{(below.Count > 5 ? ", …" : "")}. Type 'yes' to go on:");
        return Console.ReadLine() == "yes";
    }

    private static string Count(IReadOnlyList<SessionView> sessions) => sessions.Count == 1 ? "1 session" : $"{sessions.Count} sessions";
}
