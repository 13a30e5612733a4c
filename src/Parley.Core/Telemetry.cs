using System.Diagnostics.Metrics;
using System.Diagnostics;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Core;

/// <summary>
/// Traces and metrics under the names of OpenTelemetry's messaging conventions (https://opentelemetry.io/docs/specs/semconv/messaging/);
/// what the conventions do not know is under <c>parley.*</c>. Nothing is recorded unless somebody listens.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the source of traces and of the meter.</summary>
    public const string Name = "Parley";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> SentMessages = Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages accepted, by verdict.");
    private static readonly Counter<long> RefusedSends = Meter.CreateCounter<long>("parley.sends.refused", "{send}", "Sends refused, by code.");
    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("parley.deliveries", "{delivery}", "Changes of deliveries, by state.");
    private static readonly Counter<long> Credits = Meter.CreateCounter<long>("parley.quota.used", "{credit}", "Credits of links drawn.");
    private static readonly Counter<long> Throttled = Meter.CreateCounter<long>("parley.quota.throttled", "{message}", "Messages deferred because a link had no credits.");

    /// <summary>Begins the span of a send.</summary>
    public static Activity? StartSend()
    {
        var activity = Source.StartActivity("send", ActivityKind.Producer);
        activity?.SetTag("messaging.system", "parley").SetTag("messaging.operation.type", "send").SetTag("messaging.operation.name", "send");
        return activity;
    }

    /// <summary>An accepted send.</summary>
    public static void Sent(Activity? activity, SendReceipt receipt)
    {
        var message = receipt.Message;
        if (!receipt.Duplicate && SentMessages.Enabled)
        {
            SentMessages.Add(1, new KeyValuePair<string, object?>("parley.verdict", message.Verdict), new("messaging.destination.name", message.ConversationKind));
            if (message.CreditsLeft is not null)
            {
                (message.Verdict == Verdict.Deferred ? Throttled : Credits).Add(1);
            }
        }

        activity?.SetTag("messaging.message.id", message.Id).SetTag("messaging.message.conversation_id", message.ConversationId)
            .SetTag("parley.verdict", message.Verdict).SetTag("parley.duplicate", receipt.Duplicate).SetTag("parley.credits_left", message.CreditsLeft);
    }

    /// <summary>A refused send.</summary>
    public static void Refused(Activity? activity, ParleyError error)
    {
        RefusedSends.Add(1, new KeyValuePair<string, object?>("error.type", error.Code.Name));
        activity?.SetStatus(ActivityStatusCode.Error, error.Message).SetTag("error.type", error.Code.Name);
    }

    /// <summary>Deliveries that came to a state.</summary>
    public static void Delivered(DeliveryState state, long count)
    {
        if (count > 0 && Deliveries.Enabled)
        {
            Deliveries.Add(count, new KeyValuePair<string, object?>("parley.delivery.state", state));
        }
    }
}
