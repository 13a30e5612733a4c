using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley status MESSAGE</c></summary>
internal static class StatusCommand
{
    private static readonly Argument<Guid> Message = new("message") { Description = "The message's id, as 'parley send' printed it." };

    public static Command Build() =>
        new ParleyCommand("status", "Show what became of a message at each recipient.", "parley status 0198c0de-0000-7000-8000-000000000001 --as tesla") { Message }.Does(ShowAsync);

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var status = await client.Messages.ReadStatusAsync(invocation.Get(Message), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(status, Screen.Wire.MessageStatus);
            return;
        }

        invocation.Screen.Table(
            status.Deliveries, "The message has no recipients.",
            ("RECIPIENT", delivery => delivery.Recipient), ("STATE", delivery => delivery.State), ("SINCE", delivery => delivery.Changes.Count > 0 ? invocation.Screen.Time(delivery.Changes[^1].At) : ""),
            ("ATTEMPTS", delivery => Format.Number(delivery.Attempts)), ("NOT BEFORE", delivery => invocation.Screen.Time(delivery.NotBefore)), ("REASON", delivery => delivery.Reason));
        if (status.DeliveryCount > status.Deliveries.Count)
        {
            invocation.Screen.Note($"The first {status.Deliveries.Count} of {status.DeliveryCount} recipients.");
        }
    }
}
