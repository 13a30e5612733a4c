using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley dead list|retry</c></summary>
internal static class DeadCommand
{
    private static readonly Argument<string> Delivery = new("delivery") { Description = "The delivery's id (message/agent), or the message's id." };
    private static readonly Argument<string?> Agent = new("agent") { Description = "The recipient, where a message is given.", HelpName = "agent", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };

    public static Command Build() =>
        new ParleyCommand("dead", "Deliveries that were given up.", "parley dead list", "parley dead retry MESSAGE aaron")
        {
            new ParleyCommand("list", "List the dead letters.", "parley dead list").Does(ListAsync),
            new ParleyCommand("retry", "Deliver a dead letter once more.", "parley dead retry MESSAGE aaron") { Delivery, Agent }.Does(RetryAsync),
        };

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var dead = await client.People.ListDeadAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(dead, Screen.Wire.ListOfDeliveryView);
            return;
        }

        invocation.Screen.Table(
            dead.Items, "There are no dead letters.",
            ("DELIVERY", item => item.DeliveryId), ("RECIPIENT", item => item.Recipient), ("SINCE", item => item.Changes.Count > 0 ? invocation.Screen.Time(item.Changes[^1].At) : ""),
            ("ATTEMPTS", item => Format.Number(item.Attempts)), ("REASON", item => item.Reason));
    }

    private static async Task RetryAsync(Invocation invocation, CancellationToken cancellation)
    {
        var (message, agent) = Parse(invocation.Get(Delivery)!, invocation.Get(Agent));
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        await client.People.RetryDeadAsync(message, agent, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Delivering {message} to {agent} once more.", ("message", message.ToString()), ("agent", agent));
    }

    /// <summary>A delivery's id begins with its message's, and the rest after one sign is the recipient.</summary>
    internal static (Guid Message, string Agent) Parse(string delivery, string? agent)
    {
        const int idLength = 36;
        if (delivery.Length > idLength + 1 && Guid.TryParse(delivery.AsSpan(0, idLength), out var message))
        {
            return (message, agent ?? delivery[(idLength + 1)..]);
        }

        return Guid.TryParse(delivery, out message) && agent is not null
            ? (message, agent.TrimStart('@'))
            : throw Refusal.Wrong("A dead letter is named by its message and its recipient.", "Write 'parley dead retry MESSAGE AGENT'; 'parley dead list' shows them.", "delivery");
    }
}
