using Parley.Client.Wire;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;

namespace Parley.Server.Mapping;

/// <summary>Webhooks on the wire.</summary>
internal static class WebhookMapping
{
    public static WebhookInput ToInput(AddWebhookRequest request) => new(request.Url, request.Agent, request.Name, request.Events, request.Secret, request.Preview ?? true);

    public static WebhookView ToView(WebhookOverview overview, ISealedSecrets secrets) => new()
    {
        Id = overview.Webhook.Id,
        Name = overview.Webhook.Name,
        State = StateOf(overview, secrets),
        PausedReason = overview.Webhook.PausedReason,
        Agent = overview.Webhook.AgentName,
        Url = overview.Webhook.Url,
        Events = [.. Enum.GetValues<WebhookEvents>().Where(one => one != WebhookEvents.None && overview.Webhook.Events.HasFlag(one)).Select(one => one.ToString().ToLowerInvariant())],
        Preview = overview.Webhook.Preview,
        OldSecretUntil = overview.Webhook.OldSecretUntil,
        LastCall = overview.Last is { } last ? ToView(last) : null,
        CreatedBy = overview.Webhook.CreatedBy,
        CreatedAt = overview.Webhook.CreatedAt,
    };

    public static SecretWebhookView ToView(SecretWebhook made, ISealedSecrets secrets) => new(ToView(new WebhookOverview(made.Webhook, null, null), secrets), made.Secret);

    public static WebhookCallView ToView(WebhookCall call) => new(
        call.Number, WebhookSignature.IdOf(call.Id), call.Type, call.State.ToString().ToLowerInvariant(), call.Count, call.Attempts, call.CreatedAt, call.AttemptedAt, call.NextAt, call.Status, call.Reason);

    public static WebhookTestView ToView(PingAnswer answer) => new(answer.Status is >= 200 and <= 299, Math.Round(answer.Took.TotalMilliseconds, 1), answer.Status, answer.Answer, answer.Reason);

    private static string StateOf(WebhookOverview overview, ISealedSecrets secrets) => overview switch
    {
        { Webhook.AgentRemoved: true } => "agent_removed",
        { Webhook.PausedAt: not null } => "paused",
        { Webhook: var webhook } when !secrets.IsOurs(webhook.Secret) => "no_key",
        { Open.Attempts: > 0, Open.Reason: not null } => "failing",
        _ => "active",
    };
}
