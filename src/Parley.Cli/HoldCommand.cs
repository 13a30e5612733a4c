using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley hold list|approve|refuse</c></summary>
internal static class HoldCommand
{
    private static readonly Argument<Guid> Message = new("message") { Description = "The held message's id." };
    private static readonly Option<string?> Text = new("--text") { Description = "Deliver this text instead; '-' reads standard input." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; the sender is told.", Required = true };

    public static Command Build() =>
        new ParleyCommand("hold", "Approve or refuse messages that wait for a person.", "parley hold list", "parley hold approve MESSAGE", "parley hold refuse MESSAGE --reason \"Not today\"")
        {
            new ParleyCommand("list", "List the messages that wait.", "parley hold list").Does(ListAsync),
            new ParleyCommand("approve", "Let a message through, edited where a text is given.", "parley hold approve MESSAGE", "parley hold approve MESSAGE --text \"Shorter\"") { Message, Text }.Does(ApproveAsync),
            new ParleyCommand("refuse", "Refuse a message.", "parley hold refuse MESSAGE --reason \"Not today\"") { Message, Reason }.Does(RefuseAsync),
        };

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
            ("MESSAGE", item => item.Message.Id.ToString()), ("AT", item => Format.Time(item.Message.CreatedAt)), ("FROM", item => item.Message.From),
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
