using Parley.Core.Organizations;

namespace Parley.Core.Webhooks;

/// <summary>Pauses a webhook: it calls nobody until it is resumed. Who made it, or an admin.</summary>
public sealed class PauseWebhook(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the webhook; one that is paused stays as it is. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<WebhookOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "webhook.pause", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var webhook = await WebhookLookup.ManagedAsync(unit, caller, nameOrId);
            var paused = webhook.PausedAt is null ? webhook with { PausedAt = now, PausedReason = null } : webhook;
            unit.Webhooks.Update(paused);
            return await ListWebhooks.OfAsync(unit, paused);
        },
        cancellationToken);
}

/// <summary>Ends a pause. One call tells of all that came meanwhile and is unread. Who made it, or an admin.</summary>
public sealed class ResumeWebhook(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the webhook; what it could not deliver is tried anew. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<WebhookOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "webhook.resume", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var webhook = await WebhookLookup.ManagedAsync(unit, caller, nameOrId);
            var resumed = webhook with { PausedAt = null, PausedReason = null, DeadInRow = 0 };
            unit.Webhooks.Update(resumed);
            if (webhook.PausedAt is not null && await unit.Webhooks.OpenCallAsync(webhook.Id) is { } open)
            {
                unit.Webhooks.UpdateCall(open with { Attempts = 0, NextAt = now });
            }

            return await ListWebhooks.OfAsync(unit, resumed);
        },
        cancellationToken);
}

/// <summary>Removes a webhook with its calls. Who made it, or an admin.</summary>
public sealed class RemoveWebhook(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the webhook as it was. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<Webhook> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "webhook.remove", nameOrId, Role.Member,
        async (unit, _) =>
        {
            var webhook = await WebhookLookup.ManagedAsync(unit, caller, nameOrId);
            unit.Webhooks.Remove(webhook.Id);
            return webhook;
        },
        cancellationToken);
}
