using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Webhooks;

/// <summary>Gives a webhook another secret. For a day the old one signs too, so that the receiver can be changed in between. Who made it, or an admin.</summary>
public sealed class RotateWebhook(IDatabase database, ISealedSecrets secrets, TimeProvider time)
{
    /// <summary>Returns it with the new secret. Throws <c>not_found</c>, <c>forbidden</c>, <c>invalid_request</c>.</summary>
    public Task<SecretWebhook> RunAsync(Caller caller, string nameOrId, string? secret, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "webhook.rotate", nameOrId, Role.Member,
        async (unit, now) =>
        {
            var webhook = await WebhookLookup.ManagedAsync(unit, caller, nameOrId);
            var next = secret is null ? WebhookSignature.NewSecret() : WebhookSignature.Check(secret);
            var rotated = webhook with { Secret = secrets.Seal(WebhookLookup.PurposeOf(webhook.Id), next), OldSecret = webhook.Secret, OldSecretUntil = now + WebhookRules.Overlap };
            unit.Webhooks.Update(rotated);
            return new SecretWebhook(rotated, next);
        },
        cancellationToken);
}
