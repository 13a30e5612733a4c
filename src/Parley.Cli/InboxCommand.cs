using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client;

namespace Parley.Cli;

/// <summary><c>parley inbox</c>, <c>parley ack</c>, <c>parley reject</c></summary>
internal static class InboxCommand
{
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with new messages until Ctrl+C." };
    private static readonly Option<string?> After = new("--after") { Description = "Begin after this cursor or number; default after the acknowledged one.", HelpName = "CURSOR" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many messages, 1 to 500.", HelpName = "N" };
    private static readonly Option<TimeSpan?> Wait = Durations.Option("--wait", "Wait for a first message, up to 60s.", TimeSpan.FromSeconds(1));
    private static readonly Argument<string?> Cursor = new("cursor") { Description = "A cursor or inbox number; everything up to it is acknowledged.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> All = new("--all") { Description = "Acknowledge everything that is in the inbox now." };
    private static readonly Argument<long> Number = new("number") { Description = "The message's inbox number." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; the sender is told.", Required = true };

    public static Command Build() =>
        new ParleyCommand(
            "inbox", "Read an agent's inbox. Reading changes nothing; 'parley ack' moves the cursor.",
            "parley inbox --as aaron", "parley inbox --as aaron --follow", "parley inbox --as aaron --json | jq -r '.items[].content'", "parley inbox --as aaron --wait 30s")
        {
            Follow, After, Limit, Wait,
        }.Does(ReadAsync);

    public static Command BuildAck() =>
        new ParleyCommand("ack", "Acknowledge messages: they are not offered again.", "parley ack 12 --as aaron", "parley ack --all --as aaron") { Cursor, All }.Does(AcknowledgeAsync);

    public static Command BuildReject() =>
        new ParleyCommand("reject", "Say that a message cannot be processed; its sender is told.", "parley reject 12 --as aaron --reason \"There is no such branch\"") { Number, Reason }.Does(RejectAsync);

    private static async Task ReadAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        if (invocation.Get(Follow))
        {
            await FollowAsync(invocation, client, cancellation).ConfigureAwait(false);
            return;
        }

        var page = await client.Inbox.ReadAsync(invocation.Get(After), invocation.Get(Limit), invocation.Get(Wait) ?? TimeSpan.Zero, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(page, Screen.Wire.InboxPage);
            return;
        }

        foreach (var message in page.Items)
        {
            invocation.Screen.Print(message);
        }

        invocation.Screen.Note(page.Items.Count == 0 ? "Nothing new." : $"{page.Items.Count} of {page.Unread} unread. Acknowledge with: parley ack {page.Items[^1].InboxNumber} --as {invocation.Agent}");
    }

    private static async Task FollowAsync(Invocation invocation, ParleyClient client, CancellationToken cancellation)
    {
        var left = invocation.Get(Limit) ?? int.MaxValue;
        await foreach (var message in client.Inbox.FollowAsync(invocation.Get(After), cancellation).ConfigureAwait(false))
        {
            invocation.Screen.Print(message);
            invocation.Screen.Flush();
            if (--left == 0)
            {
                return;
            }
        }
    }

    private static async Task AcknowledgeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var cursor = invocation.Get(Cursor);
        if (cursor is null == !invocation.Get(All))
        {
            throw Refusal.Wrong("Say what to acknowledge.", "Give a cursor or inbox number, or --all.", "cursor");
        }

        var client = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        cursor ??= Format.Number((await client.Inbox.ReadAsync(limit: 1, cancellation: cancellation).ConfigureAwait(false)).Head);
        var answer = await client.Inbox.AcknowledgeAsync(cursor, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(answer, Screen.Wire.AckResponse);
        }
        else
        {
            invocation.Screen.Line($"Acknowledged {answer.Acknowledged}, {answer.Unread} unread.");
        }
    }

    private static async Task RejectAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        var number = invocation.Get(Number);
        await client.Inbox.RejectAsync(number, invocation.Get(Reason)!, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Rejected message {number}; its sender is told.", ("rejected", Format.Number(number)));
    }
}
