using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley halt</c>, <c>parley resume</c>, <c>parley halts</c>: the kill switch.</summary>
internal static class HaltCommand
{
    private static readonly Argument<string> Scope = new("scope") { Description = "agent, link, project, organization or server." };
    private static readonly Argument<string?> Target = new("target") { Description = "The agent's or project's name, or the link's id or first agent.", HelpName = "target", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Peer = new("peer") { Description = "The link's second agent.", HelpName = "peer", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why." };

    static HaltCommand() => Scope.AcceptOnlyFromAmong("agent", "link", "project", "organization", "server");

    public static Command Build() =>
        new ParleyCommand(
            "halt", "Stop an agent, link, project, the organization or the server within two seconds. Nothing is lost; 'parley resume' ends it.",
            "parley halt agent tesla --reason \"Runs in circles\"", "parley halt link tesla aaron", "parley halt organization")
        {
            Scope, Target, Peer, Reason,
        }.Does(HaltAsync);

    public static Command BuildResume() =>
        new ParleyCommand("resume", "End a halt.", "parley resume agent tesla", "parley resume organization") { Scope, Target, Peer }.Does(ResumeAsync);

    public static Command BuildList() => new ParleyCommand("halts", "List the halts in force.", "parley halts").Does(ListAsync);

    private static async Task HaltAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var target = await TargetAsync(invocation, client, cancellation).ConfigureAwait(false);
        var halt = await client.Halts.PullAsync(new HaltRequest(invocation.Get(Scope), target, invocation.Get(Reason)), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(halt, Screen.Wire.HaltView);
        }
        else
        {
            var named = target is null ? "" : " " + SafeText.Line(halt.Target.Length > 0 ? halt.Target : target);
            invocation.Screen.Say($"Halted the {halt.Scope}{named}. End it with: parley resume {halt.Scope}{(target is null ? "" : " " + SafeText.Line(target))}");
        }

        if (!halt.Durable)
        {
            invocation.Screen.Note("The halt acts, but could not be written yet: it would not survive a restart now.");
        }
    }

    private static async Task ResumeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var scope = invocation.Get(Scope)!;
        var target = await TargetAsync(invocation, client, cancellation).ConfigureAwait(false);
        await client.Halts.ReleaseAsync(scope, target, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"The {scope}{(target is null ? "" : " " + target)} goes on.", ("resumed", scope), ("target", target));
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var halts = await client.Halts.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(halts, Screen.Wire.ListOfHaltView);
            return;
        }

        invocation.Screen.Table(
            halts.Items, "Nothing is halted.",
            ("SCOPE", halt => halt.Scope), ("TARGET", halt => halt.Target), ("BY", halt => halt.By), ("SINCE", halt => invocation.Screen.Time(halt.At)), ("REASON", halt => halt.Reason));
    }

    private static async Task<string?> TargetAsync(Invocation invocation, ParleyClient client, CancellationToken cancellation)
    {
        var target = invocation.Get(Target)?.TrimStart('@');
        return invocation.Get(Scope) switch
        {
            "organization" or "server" => target is null ? null : throw Refusal.Wrong("This scope takes no target.", "Leave it out.", "target"),
            var scope when target is null => throw Refusal.Wrong($"Say which {scope}.", $"Write its name after '{scope}'.", "target"),
            "link" when invocation.Get(Peer) is { } peer => (await LinkCommand.FindAsync(client, target, peer, cancellation).ConfigureAwait(false)).Id.ToString(),
            _ => target,
        };
    }
}
