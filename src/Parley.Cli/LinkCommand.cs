using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley link A B</c>, <c>parley link list|show|edit|remove</c></summary>
internal static class LinkCommand
{
    private static readonly Argument<string?> First = new("agent") { Description = "One agent.", HelpName = "agent", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Second = new("peer") { Description = "The other agent.", HelpName = "peer", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string> LinkOrAgent = new("link") { Description = "The link's id, or one of its agents.", HelpName = "link", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Peer = new("peer") { Description = "The other agent.", HelpName = "peer", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };

    private static readonly Option<int?> Quota = new("--quota") { Description = "Messages per window of both directions together, 1 to 500 (default 30).", HelpName = "N" };
    private static readonly Option<TimeSpan?> Window = Durations.Option("--window", "Length of the window in whole hours, 1h to 7d (default 6h).", TimeSpan.FromHours(1));
    private static readonly Option<TimeSpan?> Debounce = Durations.Option("--debounce", "Within it the same text is one message, 0 to 1h (default 5s).", TimeSpan.FromSeconds(1));
    private static readonly Option<string?> Strict = Switches.Option("--strict", "on: any second message within the debounce time is refused.");
    private static readonly Option<string?> Hold = Switches.Option("--hold", "on: a person approves each message.");
    private static readonly Option<bool> On = new("--on") { Description = "Switch the link on." };
    private static readonly Option<bool> Off = new("--off") { Description = "Switch the link off." };
    private static readonly Option<string?> Endpoint = new("--endpoint") { Description = "The door that the recipient prefers." };

    public static Command Build() =>
        new ParleyCommand("link", "Allow two agents to message each other, and set how much.", "parley link tesla aaron --quota 30 --window 6h", "parley link list", "parley link edit tesla aaron --hold on")
        {
            First, Second, Quota, Window, Debounce, Strict, Hold, Off, Endpoint,
            new ParleyCommand("list", "List the links with their credits.", "parley link list", "parley link list --json").Does(ListAsync),
            new ParleyCommand("show", "Show a link.", "parley link show tesla aaron") { LinkOrAgent, Peer }.Does(ShowAsync),
            new ParleyCommand("edit", "Change a link.", "parley link edit tesla aaron --quota 50 --window 12h", "parley link edit tesla aaron --off")
            {
                LinkOrAgent, Peer, Quota, Window, Debounce, Strict, Hold, On, Off, Endpoint,
            }.Does(EditAsync),
            new ParleyCommand("remove", "Remove a link; its history stays.", "parley link remove tesla aaron") { LinkOrAgent, Peer }.Does(RemoveAsync),
        }.Does(CreateAsync);

    /// <summary>The link by its id or by the names of its agents.</summary>
    public static async Task<LinkView> FindAsync(ParleyClient client, string linkOrAgent, string? peer, CancellationToken cancellation)
    {
        if (peer is null)
        {
            return Guid.TryParse(linkOrAgent, out var id)
                ? await client.Links.ReadAsync(id, cancellation).ConfigureAwait(false)
                : throw Refusal.Wrong("A link is named by its id or by both agents.", "'parley link list' shows them.");
        }

        var links = await client.Links.ListAsync(cancellation).ConfigureAwait(false);
        return links.Items.FirstOrDefault(link => Same(link.Agent, linkOrAgent) && Same(link.Peer, peer))
            ?? links.Items.FirstOrDefault(link => Same(link.Agent, peer) && Same(link.Peer, linkOrAgent))
            ?? throw Refusal.NotFound($"There is no link between '{linkOrAgent}' and '{peer}'.", $"'parley link {linkOrAgent} {peer}' makes one.");
    }

    private static async Task CreateAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(First) is not { } agent || invocation.Get(Second) is not { } peer)
        {
            throw Refusal.Wrong("A link needs two agents.", "Write 'parley link tesla aaron', or 'parley link list'.");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var link = await client.Links.CreateAsync(new CreateLinkRequest(agent, peer, Settings(invocation)), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(link, Screen.Wire.LinkView);
        }
        else
        {
            invocation.Screen.Line($"Linked {link.Agent} and {link.Peer}: {link.MessagesPerWindow} messages in {link.WindowHours} h for both together.");
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var links = await client.Links.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(links, Screen.Wire.ListOfLinkView);
            return;
        }

        invocation.Screen.Table(
            links.Items, "There are no links yet: 'parley link AGENT PEER'.",
            ("AGENT", link => link.Agent), ("PEER", link => link.Peer), ("STATE", State), ("CREDITS", link => $"{link.CreditsRemaining}/{link.MessagesPerWindow}"),
            ("WINDOW", link => $"{link.WindowHours} h"), ("RESET", link => invocation.Screen.Time(link.WindowResetAt)), ("WAITING", link => Format.Number(link.Waiting)), ("ID", link => link.Id.ToString()));
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await FindAsync(client, invocation.Get(LinkOrAgent)!, invocation.Get(Peer), cancellation).ConfigureAwait(false));
    }

    private static async Task EditAsync(Invocation invocation, CancellationToken cancellation)
    {
        var change = Settings(invocation);
        if (change == new LinkSettingsPatch())
        {
            throw Refusal.Wrong("There is nothing to change.", "Give --quota, --window, --debounce, --strict, --hold, --on, --off or --endpoint.");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var link = await FindAsync(client, invocation.Get(LinkOrAgent)!, invocation.Get(Peer), cancellation).ConfigureAwait(false);
        var edited = await client.Links.EditAsync(link.Id, change, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(edited, Screen.Wire.LinkView);
        }
        else
        {
            ShowChange(invocation.Screen, link, edited);
        }
    }

    private static async Task RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var link = await FindAsync(client, invocation.Get(LinkOrAgent)!, invocation.Get(Peer), cancellation).ConfigureAwait(false);
        await client.Links.RemoveAsync(link.Id, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Removed the link of {link.Agent} and {link.Peer}. Its history stays.", ("removed", link.Id.ToString()));
    }

    private static LinkSettingsPatch Settings(Invocation invocation) => new(
        invocation.Get(Quota), invocation.Get(Window) is { } window ? Whole(window.TotalHours, "--window", "hours") : null,
        invocation.Get(Debounce) is { } debounce ? Whole(debounce.TotalSeconds, "--debounce", "seconds") : null,
        invocation.Switch(Strict), invocation.Get(Endpoint), invocation.Get(Off) ? false : invocation.Get(On) ? true : null, invocation.Switch(Hold));

    private static int Whole(double value, string option, string unit) => value == Math.Floor(value)
        ? (int)value
        : throw Refusal.Wrong($"{option} takes whole {unit}.", $"Write a whole number of {unit}.");

    private static void Show(Screen screen, LinkView link)
    {
        if (screen.IsJson)
        {
            screen.Json(link, Screen.Wire.LinkView);
            return;
        }

        screen.Facts(Facts(screen, link));
    }

    /// <summary>What a change has changed, credits that moved with the quota included, and where the rest is shown.</summary>
    private static void ShowChange(Screen screen, LinkView before, LinkView after)
    {
        var changes = Facts(screen, before).Zip(Facts(screen, after)).Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => (pair.Second.Name, (string?)$"{Shown(pair.First.Value)} → {Shown(pair.Second.Value)}")).ToArray();
        if (changes.Length > 0)
        {
            screen.Facts(changes);
        }

        screen.Note($"{(changes.Length > 0 ? "Changed" : "Nothing changed in")} the link of {after.Agent} and {after.Peer}. All of it: parley link show {after.Agent} {after.Peer}");
    }

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "none" : value;

    private static (string Name, string? Value)[] Facts(Screen screen, LinkView link) =>
    [
        ("agents", $"{link.Agent}, {link.Peer}"), ("id", link.Id.ToString()), ("state", State(link)), ("quota", $"{link.MessagesPerWindow} messages in {link.WindowHours} h"),
        ("credits", Format.Number(link.CreditsRemaining)), ("reset", screen.Time(link.WindowResetAt)), ("waiting", Format.Number(link.Waiting)),
        ("debounce", $"{link.DebounceSeconds} s{(link.StrictDebounce ? ", strict" : "")}"), ("hold", Format.YesNo(link.Hold)), ("endpoint", link.PreferredEndpoint),
        ("last message", screen.Time(link.LastMessageAt)), ("conversation", link.ConversationId.ToString()), ("created", screen.Time(link.CreatedAt)),
    ];

    private static string State(LinkView link) => link.Halted ? "halted" : !link.Enabled ? "off" : link.Hold ? "hold" : "on";

    private static bool Same(string left, string right) => string.Equals(left, right.TrimStart('@'), StringComparison.OrdinalIgnoreCase);
}
