namespace Parley.Client.Wire;

/// <summary>Makes a webhook: <c>POST /api/v1/webhooks</c>.</summary>
/// <param name="Url">Whom it calls.</param>
/// <param name="Agent">The agent whose inbox it watches; absent: it calls for what needs a person.</param>
/// <param name="Name">What it is called; absent counts on: <c>webhook-1</c>, <c>webhook-2</c>, …</param>
/// <param name="Events"><c>message</c> and <c>result</c> of an agent, <c>attention</c> without one; absent: all that there is.</param>
/// <param name="Secret">What signs its calls: <c>whsec_</c> and 24 to 64 bytes in base64; absent: a new one.</param>
/// <param name="Preview">Whether a call carries the first line of the text; absent: true.</param>
public sealed record AddWebhookRequest(string? Url, string? Agent = null, string? Name = null, IReadOnlyList<string>? Events = null, string? Secret = null, bool? Preview = null);

/// <summary>Gives a webhook another secret: <c>POST /api/v1/webhooks/{webhook}/rotate</c>.</summary>
/// <param name="Secret">The new one; absent: Parley makes it.</param>
public sealed record RotateWebhookRequest(string? Secret = null);

/// <summary>Tries a call of a webhook now: <c>POST /api/v1/webhooks/{webhook}/retry</c>.</summary>
/// <param name="Call">The number of the call; absent: the one that waits, else the newest.</param>
public sealed record RetryWebhookRequest(long? Call = null);

/// <summary>A webhook as it is shown.</summary>
public sealed record WebhookView
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>active</c>, <c>failing</c> (a call waits to be tried again), <c>paused</c>, <c>agent_removed</c>, or <c>no_key</c>: its secret was sealed on another machine.</summary>
    public required string State { get; init; }

    /// <summary>Why Parley paused it; absent where a person did.</summary>
    public string? PausedReason { get; init; }

    /// <summary>The agent whose inbox it watches; absent: it calls for what needs a person.</summary>
    public string? Agent { get; init; }

    /// <summary>Whom it calls.</summary>
    public required string Url { get; init; }

    /// <summary>What it calls for.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Whether a call carries the first line of the text.</summary>
    public required bool Preview { get; init; }

    /// <summary>Until when the secret before the last rotation signs too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>Its newest call.</summary>
    public WebhookCallView? LastCall { get; init; }

    /// <summary>The person who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A webhook with its secret, which is shown once.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Secret">What signs its calls.</param>
public sealed record SecretWebhookView(WebhookView Webhook, string Secret);

/// <summary>A call of a webhook.</summary>
/// <param name="Number">Counts the calls of a webhook from 1.</param>
/// <param name="Id">The <c>webhook-id</c>, the same at every attempt.</param>
/// <param name="Type"><c>inbox.message</c> or <c>attention.raised</c>.</param>
/// <param name="State"><c>waiting</c>, <c>delivered</c>, <c>dead</c>, <c>replaced</c> (by one that tells of more) or <c>dropped</c> (the agent has read it).</param>
/// <param name="Count">How many things it tells of.</param>
/// <param name="Attempts">How many times it was tried.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="AttemptedAt">When it was last tried.</param>
/// <param name="NextAt">When it is tried next.</param>
/// <param name="Status">The last HTTP status.</param>
/// <param name="Reason">Why it is as it is.</param>
public sealed record WebhookCallView(
    long Number, string Id, string Type, string State, int Count, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? AttemptedAt = null, DateTimeOffset? NextAt = null, int? Status = null,
    string? Reason = null);

/// <summary>A part of a webhook's calls: <c>GET /api/v1/webhooks/{webhook}/calls</c>.</summary>
/// <param name="Items">The calls, newest first.</param>
/// <param name="Next">Hand it in as <c>before</c> to go on; absent at the end.</param>
public sealed record WebhookCallPage(IReadOnlyList<WebhookCallView> Items, long? Next);

/// <summary>What a receiver made of a ping: <c>POST /api/v1/webhooks/{webhook}/test</c>.</summary>
/// <param name="Ok">Whether it took it: a status of 200 to 299.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">The HTTP status; absent where there was no answer.</param>
/// <param name="Answer">The beginning of what it said.</param>
/// <param name="Reason">Why there was no answer, and what to do.</param>
public sealed record WebhookTestView(bool Ok, double Milliseconds, int? Status = null, string? Answer = null, string? Reason = null);
