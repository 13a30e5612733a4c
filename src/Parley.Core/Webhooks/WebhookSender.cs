using System.Text;
using Parley.Core.Outbound;

namespace Parley.Core.Webhooks;

/// <summary>Puts a call of a webhook into the form in which it leaves the server.</summary>
internal static class WebhookSender
{
    /// <summary>The signed call, or null where this server cannot read the secret.</summary>
    public static OutboundCall? CallOf(Webhook webhook, Guid id, string body, ISealedSecrets secrets, DateTimeOffset now)
    {
        var purpose = WebhookLookup.PurposeOf(webhook.Id);
        if (secrets.Open(purpose, webhook.Secret) is not { } secret)
        {
            return null;
        }

        var old = webhook.OldSecret is { } before && webhook.OldSecretUntil > now ? secrets.Open(purpose, before) : null;
        return new OutboundCall("POST", new Uri(webhook.Url)) { Body = Encoding.UTF8.GetBytes(body), Headers = WebhookSignature.Headers(WebhookSignature.IdOf(id), now, body, old is null ? [secret] : [secret, old]) };
    }
}
