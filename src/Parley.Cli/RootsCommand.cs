using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley roots list|show|export</c></summary>
internal static class RootsCommand
{
    private static readonly Argument<Guid> Id = new("id") { Description = "The message that started the chain." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "How many, at most 500.", HelpName = "COUNT" };

    public static Command Build() =>
        new ParleyCommand("roots", "Show chains of turns: who answered whom, what it cost, and why it stopped.", "parley roots list", "parley roots show 01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b")
        {
            new ParleyCommand("list", "List the newest chains.", "parley roots list --limit 10") { Limit }.Does(ListAsync),
            new ParleyCommand("show", "Draw one chain as a tree.", "parley roots show 01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b", "parley roots show 01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b --json") { Id }.Does(ShowAsync),
            new ParleyCommand("export", "Print one chain as JSON Lines: the root, the message that started it, then each turn.", "parley roots export 01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b > chain.jsonl") { Id }.Does(ExportAsync),
        };

    /// <summary>US dollars.</summary>
    public static string? Money(decimal? dollars) => dollars is { } value ? "$" + value.ToString("0.00####", CultureInfo.InvariantCulture) : null;

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var roots = await client.Hosting.ListRootsAsync(invocation.Get(Limit), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(roots, Screen.Wire.ListOfRootView);
            return;
        }

        invocation.Screen.Table(
            roots.Items, "No agent has run a turn yet.", ("ID", root => root.Id.ToString()), ("STARTED", root => Format.Local(root.CreatedAt)), ("TURNS", root => Format.Number(root.Turns)),
            ("TOKENS", root => Format.Number(root.Tokens)), ("COST", root => Money(root.Cost)), ("STOPPED", root => root.Reason ?? ""));
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var tree = await client.Hosting.ReadRootAsync(invocation.Get(Id), cancellation).ConfigureAwait(false);
        var screen = invocation.Screen;
        if (screen.IsJson)
        {
            screen.Json(tree, Screen.Wire.RootTreeView);
            return;
        }

        var root = tree.Root;
        screen.Line(SafeText.Line(tree.Message is { } message ? $"{message.From}: {Format.Text(message)}" : root.Id.ToString()));
        Draw(screen, tree.Turns.ToLookup(turn => turn.ParentId), null, "");
        var most = string.Join(", ", new[] { $"{root.Turns} of {root.MaxTurns} turns", $"depth at most {root.MaxDepth}", Of(Format.Number(root.Tokens), root.MaxTokens) + " tokens", Money(root.Cost) + (root.MaxCost is { } cost ? " of " + Money(cost) : "") });
        screen.Line(most);
        if (root.Reason is { } reason)
        {
            screen.Line($"Stopped {Format.Time(root.StoppedAt)}: {SafeText.Line(reason)}");
        }
    }

    private static async Task ExportAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var tree = await client.Hosting.ReadRootAsync(invocation.Get(Id), cancellation).ConfigureAwait(false);
        Line(invocation.Screen, "root", Screen.Object(tree.Root, Screen.Wire.RootView));
        if (tree.Message is { } message)
        {
            Line(invocation.Screen, "message", Screen.Object(message, Screen.Wire.MessageView));
        }

        foreach (var turn in tree.Turns)
        {
            Line(invocation.Screen, "turn", Screen.Object(turn, Screen.Wire.ChainTurnView));
        }
    }

    private static void Line(Screen screen, string kind, JsonObject thing)
    {
        thing.Insert(0, "line", kind);
        screen.Json(thing);
    }

    private static void Draw(Screen screen, ILookup<Guid?, ChainTurnView> turns, Guid? parent, string indent)
    {
        foreach (var turn in turns[parent])
        {
            var time = turn.EndedAt is { } end ? Format.Duration(end - turn.CreatedAt) : "running";
            screen.Line($"{indent}↳ {turn.Agent}: {turn.State}, {turn.Messages} sent, {turn.Calls} calls of {turn.Model}, {turn.Usage.Input + turn.Usage.Output} tokens, {Money(turn.Cost)}, {time}");
            foreach (var note in turn.Warnings.Append(turn.Reason).OfType<string>())
            {
                screen.Line($"{indent}    {SafeText.Line(note)}");
            }

            Draw(screen, turns, turn.Id, indent + "  ");
        }
    }

    private static string Of(string used, long? most) => most is { } limit ? $"{used} of {Format.Number(limit)}" : used;
}
