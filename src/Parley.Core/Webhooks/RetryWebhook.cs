using Parley.Core.Organizations;

namespace Parley.Core.Webhooks;

/// <summary>Tries a call now: the one that waits, or one that was given up. Who made the webhook, or an admin.</summary>
public sealed class RetryWebhook(IDatabase database, TimeProvider time)
{
    /// <summary>
    /// Returns the call. Without a number it is the one that waits, else the newest. Throws <c>not_found</c>, <c>forbidden</c>, and <c>conflict</c> for one that needs no
    /// further attempt.
    /// </summary>
    public Task<WebhookCall> RunAsync(Caller caller, string nameOrId, long? number, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "webhook.retry", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var webhook = await WebhookLookup.ManagedAsync(unit, caller, nameOrId);
            var open = await unit.Webhooks.OpenCallAsync(webhook.Id);
            var call = (number is { } named ? await unit.Webhooks.FindCallAsync(webhook.Id, named) : open ?? (await unit.Webhooks.CallsAsync(webhook.Id, before: null, limit: 1)).FirstOrDefault())
                ?? throw ParleyError.NotFound("call of the webhook", "parley webhook deliveries WEBHOOK");
            if (call.State is not (WebhookCallState.Waiting or WebhookCallState.Dead))
            {
                throw new ParleyError(ErrorCode.Conflict, $"Call {call.Number} is {call.State.ToString().ToLowerInvariant()} already.", $"Look at the calls: parley webhook deliveries {webhook.Name}");
            }

            if (open is not null && open.Number != call.Number)
            {
                throw new ParleyError(ErrorCode.Conflict, $"Call {open.Number}, which is newer, waits to be tried.", $"Try that one: parley webhook retry {webhook.Name}");
            }

            if (webhook.PausedAt is not null)
            {
                throw new ParleyError(ErrorCode.Conflict, $"The webhook '{webhook.Name}' is paused.", $"Go on with it: parley webhook resume {webhook.Name}");
            }

            var again = call with { State = WebhookCallState.Waiting, Attempts = 0, NextAt = now, EndedAt = null };
            unit.Webhooks.UpdateCall(again);
            return again;
        },
        cancellationToken);
}
