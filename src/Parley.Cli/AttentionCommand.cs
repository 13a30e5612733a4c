using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley attention list|resolve</c> and <c>parley obligations</c></summary>
internal static class AttentionCommand
{
    private static readonly Argument<Guid> Id = new("id") { Description = "The entry's id." };

    public static Command Build() =>
        new ParleyCommand("attention", "What needs a person: overdue replies, dead letters.", "parley attention list", "parley attention resolve ID")
        {
            new ParleyCommand("list", "List what needs a person.", "parley attention list").Does(ListAsync),
            new ParleyCommand("resolve", "Say that it has been seen to.", "parley attention resolve ID") { Id }.Does(ResolveAsync),
        };

    public static Command BuildObligations() =>
        new ParleyCommand("obligations", "List the replies that somebody waits for.", "parley obligations", "parley obligations --as aaron").Does(ListObligationsAsync);

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var attention = await client.People.ListAttentionAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(attention, Screen.Wire.ListOfAttentionView);
            return;
        }

        invocation.Screen.Table(
            attention.Items, "Nothing needs you.",
            ("SINCE", item => invocation.Screen.Time(item.At)), ("KIND", item => item.Kind), ("WHAT", item => item.Text), ("MESSAGE", item => item.MessageId?.ToString()), ("ID", item => item.Id.ToString()));
    }

    private static async Task ResolveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var id = invocation.Get(Id);
        await client.People.ResolveAttentionAsync(id, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Resolved {id}.", ("resolved", id.ToString()));
    }

    private static async Task ListObligationsAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var obligations = await client.People.ListObligationsAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(obligations, Screen.Wire.ListOfObligationView);
            return;
        }

        invocation.Screen.Table(
            obligations.Items, "Nobody waits for a reply.",
            ("AGENT", item => item.Agent), ("REPLY BY", item => invocation.Screen.Time(item.ReplyBy)), ("REMINDED", item => invocation.Screen.Time(item.RemindedAt)), ("MESSAGE", item => item.MessageId.ToString()));
    }
}
