using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of webhooks.</summary>
internal static class WebhookExamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] Events = ["message", "result"];
    private const string Url = "https://hooks.example.org/parley";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000=";

    public static readonly AddWebhookRequest Add = new(Url, "tesla", "wake-tesla");

    public static readonly WebhookCallView Call = new(12, "msg_01957e3a5b7c7d108f2a3c4d5e6f7a8b", "inbox.message", "delivered", 3, 1, At, At.AddSeconds(0.2), Status: 204);

    public static readonly WebhookCallView Waiting = Call with { State = "waiting", Attempts = 0, NextAt = At, Status = 500, Reason = "It answered 500." };

    public static readonly WebhookView Webhook = new()
    {
        Id = new Guid("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b"), Name = "wake-tesla", State = "active", Agent = "tesla", Url = Url, Events = Events, Preview = true, LastCall = Call, CreatedBy = "maria",
        CreatedAt = At.AddDays(-30),
    };

    public static readonly WebhookView Paused = Webhook with { State = "paused" };

    public static readonly ListOf<WebhookView> Webhooks = new([Webhook]);

    public static readonly SecretWebhookView Made = new(Webhook with { LastCall = null }, Secret);

    public static readonly SecretWebhookView Rotated = new(Webhook with { OldSecretUntil = At.AddDays(1) }, Secret);

    public static readonly RotateWebhookRequest Rotate = new(Secret);

    public static readonly RetryWebhookRequest Retry = new(12);

    public static readonly WebhookCallPage Calls = new([Call], null);

    public static readonly WebhookTestView Test = new(true, 38.2, 204);
}
