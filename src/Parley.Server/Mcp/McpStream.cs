using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Server.Live;
using Parley.Server.Loops;
using Parley.Server.Security;

namespace Parley.Server.Mcp;

/// <summary>
/// Tells a client which of the resources it follows have changed. What changed is read from the store, woken by hints and by a timer; several changes in between are told once.
/// </summary>
internal sealed class McpStream : ILiveConnection
{
    private const string SubscriptionField = "io.modelcontextprotocol/subscriptionId";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private readonly LoopSignal signal = new();
    private readonly HttpContext context;
    private readonly StreamSources sources;
    private readonly Subscriptions subscriptions;
    private readonly JsonNode? id;
    private volatile bool ended;
    private long wroteAt;

    private McpStream(HttpContext context, StreamSources sources, Subscriptions subscriptions, JsonNode? id, Caller caller, DateTimeOffset? expiresAt)
    {
        (this.context, this.sources, this.subscriptions, this.id) = (context, sources, subscriptions, id);
        (Caller, ExpiresAt) = (caller, expiresAt);
    }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; }

    /// <inheritdoc/>
    public bool IsTooSlow => false;

    /// <inheritdoc/>
    public string LastCursor => "";

    /// <summary>The stream of a session, which its client opens beside its calls.</summary>
    public static async Task FollowAsync(HttpContext context, McpSession session, StreamSources sources, Caller caller)
    {
        var stream = await OpenAsync(context, sources, session.Subscriptions, id: null, caller);
        await stream.RunAsync(": parley\n\n", session);
    }

    /// <summary>
    /// The stream that answers <c>subscriptions/listen</c>: an acknowledgement of what is followed, then the changes. Throws <see cref="McpProtocolException"/> where one cannot be
    /// followed.
    /// </summary>
    public static async Task ListenAsync(HttpContext context, JsonRpcRequest request, StreamSources sources, Caller caller)
    {
        var subscriptions = new Subscriptions();
        var wanted = (request.Params?["notifications"]?["resourceSubscriptions"] as JsonArray ?? []).Select(uri => uri!.GetValue<string>()).Distinct().ToList();
        foreach (var uri in wanted)
        {
            try
            {
                await sources.Resources.FollowAsync(caller, uri, subscriptions, context.RequestAborted);
            }
            catch (ParleyError error)
            {
                throw McpRefusal.Of(error, uri, modern: true);
            }
        }

        var id = request.Id.Id is long number ? JsonValue.Create(number) : JsonValue.Create(request.Id.ToString());
        var stream = await OpenAsync(context, sources, subscriptions, id, caller);
        var granted = new JsonObject();
        if (wanted.Count > 0)
        {
            granted["resourceSubscriptions"] = new JsonArray([.. wanted.Select(uri => JsonValue.Create(uri))]);
        }

        await stream.RunAsync(stream.Notification(NotificationMethods.SubscriptionsAcknowledgedNotification, new JsonObject { ["notifications"] = granted }), session: null);
        await stream.WriteAsync(Event(new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), ["result"] = new JsonObject { ["resultType"] = "complete", ["_meta"] = new JsonObject { [SubscriptionField] = id.DeepClone() } },
        }));
    }

    /// <inheritdoc/>
    public Task CloseAsync(ErrorCode code, string reason)
    {
        ended = true;
        signal.Set();
        return Task.CompletedTask;
    }

    private static async Task<McpStream> OpenAsync(HttpContext context, StreamSources sources, Subscriptions subscriptions, JsonNode? id, Caller caller)
    {
        var hash = TokenSecret.Hash(BearerToken.Of(context.Request));
        var expires = (await sources.Database.ReadAsync(unit => unit.Tokens.FindAsync(hash), context.RequestAborted))?.Token.ExpiresAt;
        var stream = new McpStream(context, sources, subscriptions, id, caller, expires);
        if (sources.Connections.Add(stream) is { } refusal)
        {
            throw refusal;
        }

        return stream;
    }

    private async Task RunAsync(string first, McpSession? session)
    {
        using var hints = new ResourceHints(sources.Live, Caller, signal);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await WriteAsync(first);
            while (!ended && session?.Ended != true)
            {
                hints.Follow(subscriptions.All.Select(pair => pair.Key));
                await TellAsync();
                if (session is not null)
                {
                    session.UsedAt = sources.Time.GetTimestamp();
                }

                await signal.WaitAsync(Look, sources.Time, context.RequestAborted);
            }
        }
        finally
        {
            sources.Connections.Remove(this);
        }
    }

    private async Task TellAsync()
    {
        foreach (var (uri, known) in subscriptions.All)
        {
            var now = await sources.Resources.StampAsync(Caller, uri, context.RequestAborted);
            if (subscriptions.Take(uri, known, now))
            {
                await WriteAsync(Notification(NotificationMethods.ResourceUpdatedNotification, new JsonObject { ["uri"] = uri }));
            }
        }

        if (sources.Time.GetElapsedTime(wroteAt) >= Heartbeat)
        {
            await WriteAsync(": parley\n\n");
        }
    }

    private string Notification(string method, JsonObject parameters)
    {
        if (id is not null)
        {
            parameters["_meta"] = new JsonObject { [SubscriptionField] = id.DeepClone() };
        }

        return Event(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters });
    }

    private static string Event(JsonObject message) => $"event: message\ndata: {message.ToJsonString()}\n\n";

    private async Task WriteAsync(string text)
    {
        wroteAt = sources.Time.GetTimestamp();
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
