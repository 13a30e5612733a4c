using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley nodes</c>: the servers that share a database.</summary>
internal static class NodesCommand
{
    private static readonly Argument<string> Node = new("node") { Description = "The node by its name.", HelpName = "node", CompletionSources = { Suggestions.Nodes } };

    public static Command Build() =>
        new ParleyCommand("nodes", "List the servers that share the database: what each does, what it owns, how far its clock is off.", "parley nodes", "parley nodes --json", "parley nodes drain db1:4711")
        {
            new ParleyCommand("drain", "Empty a node before maintenance: it gives its turns back, closes its connections and is not ready. Nothing is lost.", "parley nodes drain db1:4711") { Node }.Does(DrainAsync),
            new ParleyCommand("resume", "Let a node take part again.", "parley nodes resume db1:4711") { Node }.Does(ResumeAsync),
        }.Does(ListAsync);

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var nodes = await client.Nodes.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(nodes, Screen.Wire.ListOfNodeView);
            return;
        }

        invocation.Screen.Table(
            nodes.Items, "There is no node.",
            ("NODE", node => node.Answering ? node.Name + " *" : node.Name), ("STATE", node => node.State), ("TURNS", node => $"{node.Turns}/{node.MostTurns}"),
            ("CONNECTIONS", node => Format.Number(node.Connections)), ("CLOCK", node => Skew(node.ClockSkewMs)), ("VERSION", node => node.Version), ("ADDRESS", node => node.Address),
            ("SINCE", node => invocation.Screen.Time(node.StartedAt)));
        if (nodes.Items.Count > 1)
        {
            invocation.Screen.Say("* answered this command. Empty one before maintenance: parley nodes drain NODE");
        }
    }

    private static async Task DrainAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var node = await client.Nodes.DrainAsync(invocation.Get(Node)!, cancellation).ConfigureAwait(false);
        Tell(invocation, node, $"{node.Name} is being emptied: it takes nothing more, and others have its turns within two seconds. Undo it with: parley nodes resume {node.Name}");
    }

    private static async Task ResumeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var node = await client.Nodes.ResumeAsync(invocation.Get(Node)!, cancellation).ConfigureAwait(false);
        Tell(invocation, node, $"{node.Name} takes part again.");
    }

    private static void Tell(Invocation invocation, NodeView node, string sentence)
    {
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(node, Screen.Wire.NodeView);
        }
        else
        {
            invocation.Screen.Say(sentence);
        }
    }

    private static string Skew(long milliseconds) => milliseconds is > -100 and < 100 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:+0.0;-0.0} s");
}
