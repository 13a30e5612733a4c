using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Webhooks: addresses that are called when something happened. A webhook is named by its name or id.</summary>
public sealed class WebhookCalls
{
    private const string Path = "/api/v1/webhooks";
    private readonly Api api;

    internal WebhookCalls(Api api) => this.api = api;

    /// <summary>Makes a webhook; its secret is shown once.</summary>
    public Task<SecretWebhookView> AddAsync(AddWebhookRequest webhook, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, webhook, WireJson.Default.AddWebhookRequest, WireJson.Default.SecretWebhookView, cancellation);

    /// <summary>Every webhook of the organization, by name.</summary>
    public Task<ListOf<WebhookView>> ListAsync(CancellationToken cancellation = default) => api.GetAsync(Path, WireJson.Default.ListOfWebhookView, cancellation);

    /// <summary>One webhook.</summary>
    public Task<WebhookView> FindAsync(string webhook, CancellationToken cancellation = default) => api.GetAsync(Of(webhook), WireJson.Default.WebhookView, cancellation);

    /// <summary>Removes a webhook with its calls.</summary>
    public Task RemoveAsync(string webhook, CancellationToken cancellation = default) => api.CallAsync(HttpMethod.Delete, Of(webhook), cancellation);

    /// <summary>Calls it once with a ping, and tells what came back.</summary>
    public Task<WebhookTestView> TestAsync(string webhook, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, Of(webhook) + "/test"), WireJson.Default.WebhookTestView, default, cancellation);

    /// <summary>Lets it call nobody until it is resumed.</summary>
    public Task<WebhookView> PauseAsync(string webhook, CancellationToken cancellation = default) => PostAsync(Of(webhook) + "/pause", cancellation);

    /// <summary>Ends a pause; one call tells of all that came in it and is unread.</summary>
    public Task<WebhookView> ResumeAsync(string webhook, CancellationToken cancellation = default) => PostAsync(Of(webhook) + "/resume", cancellation);

    /// <summary>Gives it another secret; for a day the old one signs too.</summary>
    public Task<SecretWebhookView> RotateAsync(string webhook, RotateWebhookRequest request, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Of(webhook) + "/rotate", request, WireJson.Default.RotateWebhookRequest, WireJson.Default.SecretWebhookView, cancellation);

    /// <summary>Tries a call now.</summary>
    public Task<WebhookCallView> RetryAsync(string webhook, RetryWebhookRequest request, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Of(webhook) + "/retry", request, WireJson.Default.RetryWebhookRequest, WireJson.Default.WebhookCallView, cancellation);

    /// <summary>Its calls, newest first.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="before">Only numbers below it; null for the newest.</param>
    /// <param name="limit">1 to 500; null leaves it to the server (50).</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<WebhookCallPage> CallsAsync(string webhook, long? before = null, int? limit = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query(Of(webhook) + "/calls").With("before", before).With("limit", limit).ToString(), WireJson.Default.WebhookCallPage, cancellation);

    private Task<WebhookView> PostAsync(string path, CancellationToken cancellation) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, path), WireJson.Default.WebhookView, default, cancellation);

    private static string Of(string webhook) => $"{Path}/{Query.Segment(webhook)}";
}
