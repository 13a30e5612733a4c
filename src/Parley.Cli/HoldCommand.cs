using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley hold on|off|rules|list|approve|refuse</c></summary>
internal static class HoldCommand
{
    private static readonly Argument<Guid> Message = new("message") { Description = "The held message's id." };
    private static readonly Option<string?> Text = new("--text") { Description = "Deliver this text instead; '-' reads standard input." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; the sender is told.", Required = true };

    private static readonly Argument<string> What = new("what") { Description = "agent: all it sends; type: all messages of a type, whichever agent sends them; link: all that goes over it." };
    private static readonly Argument<string> Target = new("target") { Description = "The agent's name, the message type, or the link's id or first agent.", HelpName = "target", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Peer = new("peer") { Description = "The link's second agent.", HelpName = "peer", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };

    static HoldCommand()
    {
        What.AcceptOnlyFromAmong("agent", "type", "link");
        Target.CompletionSources.Add(Suggestions.MessageTypes);
    }

    public static Command Build() =>
        new ParleyCommand(
            "hold", "Let a person approve, edit or refuse messages before they are delivered.",
            "parley hold on type request", "parley hold list", "parley hold approve MESSAGE", "parley hold refuse MESSAGE --reason \"Not today\"")
        {
            new ParleyCommand(
                "on", "Hold what an agent sends, what is of a type, or what goes over a link, until a person approves it.",
                "parley hold on agent tesla", "parley hold on type request", "parley hold on link tesla aaron")
            {
                What, Target, Peer,
            }.Does((invocation, cancellation) => SetAsync(invocation, true, cancellation)),
            new ParleyCommand("off", "Hold no more; what waits already still needs a decision.", "parley hold off type request", "parley hold off agent tesla") { What, Target, Peer }
                .Does((invocation, cancellation) => SetAsync(invocation, false, cancellation)),
            new ParleyCommand("rules", "List the types, agents and links that are on hold.", "parley hold rules").Does(RulesAsync),
            new ParleyCommand("list", "List the messages that wait.", "parley hold list").Does(ListAsync),
            new ParleyCommand("approve", "Let a message through, edited where a text is given.", "parley hold approve MESSAGE", "parley hold approve MESSAGE --text \"Shorter\"") { Message, Text }.Does(ApproveAsync),
            new ParleyCommand("refuse", "Refuse a message.", "parley hold refuse MESSAGE --reason \"Not today\"") { Message, Reason }.Does(RefuseAsync),
        };

    private static async Task SetAsync(Invocation invocation, bool on, CancellationToken cancellation)
    {
        var (what, target, peer) = (invocation.Get(What)!, invocation.Get(Target)!.TrimStart('@'), invocation.Get(Peer));
        if (peer is not null && what != "link")
        {
            throw Refusal.Wrong($"'{peer}' is one too many: only a link has two agents.", $"Write one {what} at a time.", "peer");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var named = $"{what} {target}";
        switch (what)
        {
            case "agent":
                await client.Agents.EditAsync(target, new EditAgentRequest(Hold: on), cancellation).ConfigureAwait(false);
                break;
            case "link":
                var link = await LinkCommand.FindAsync(client, target, peer, cancellation).ConfigureAwait(false);
                named = $"link of {link.Agent} and {link.Peer}";
                await client.Links.EditAsync(link.Id, new LinkSettingsPatch(Hold: on), cancellation).ConfigureAwait(false);
                break;
            default:
                await client.People.HoldTypeAsync(target, on, cancellation).ConfigureAwait(false);
                break;
        }

        var next = on ? "its messages wait for a person: parley hold list" : "what waits already still needs a decision: parley hold list";
        invocation.Screen.Done($"The {SafeText.Line(named)} is {(on ? "on" : "off")} hold; {next}", ("hold", on ? "on" : "off"), (what, target), ("peer", peer));
    }

    private static async Task RulesAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var rules = await client.People.ListHoldRulesAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(rules, Screen.Wire.HoldRulesView);
            return;
        }

        invocation.Screen.Table(
            [.. rules.Types.Select(type => ("type", type)), .. rules.Agents.Select(agent => ("agent", agent)), .. rules.Links.Select(link => ("link", $"{link.Agent} {link.Peer}"))],
            "Nothing is on hold: 'parley hold on type request'.", ("WHAT", rule => rule.Item1), ("NAME", rule => rule.Item2));
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var held = await client.People.ListHoldsAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(held, Screen.Wire.ListOfHeldMessage);
            return;
        }

        invocation.Screen.Table(
            held.Items, "No message waits for an approval.",
            ("MESSAGE", item => item.Message.Id.ToString()), ("AT", item => invocation.Screen.Time(item.Message.CreatedAt)), ("FROM", item => item.Message.From),
            ("FOR", item => string.Join(", ", item.Recipients)), ("TEXT", item => Format.Text(item.Message)));
    }

    private static async Task ApproveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var text = invocation.Get(Text) is { } given ? await TextInput.ReadAsync(given, cancellation).ConfigureAwait(false) : null;
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var message = invocation.Get(Message);
        await client.People.ApproveAsync(message, text, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Approved {message}{(text is null ? "" : " with the edited text")}.", ("approved", message.ToString()));
    }

    private static async Task RefuseAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var message = invocation.Get(Message);
        await client.People.RefuseAsync(message, invocation.Get(Reason)!, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Refused {message}; its sender is told.", ("refused", message.ToString()));
    }
}
