using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Parley.Core;
using Parley.Server.Http;

namespace Parley.Server.Mcp;

/// <summary>The door for the Model Context Protocol over HTTP. Every request stands for itself: no call needs a session that a restart or another node could lose.</summary>
internal sealed class McpEndpoint(McpOffer offer, McpSessions sessions, StreamSources streams)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private static readonly JsonSerializerOptions Json = new(McpJsonUtilities.DefaultOptions) { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = false };
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)Json.GetTypeInfo(typeof(JsonRpcMessage));
    private static readonly JsonTypeInfo<JsonRpcError> ErrorType = (JsonTypeInfo<JsonRpcError>)Json.GetTypeInfo(typeof(JsonRpcError));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/mcp", (HttpContext context, McpEndpoint door, Caller caller) => door.PostAsync(context, caller)).ExcludeFromDescription().DisableRequestTimeout();
        routes.MapGet("/mcp", (HttpContext context, McpEndpoint door, Caller caller) => door.GetAsync(context, caller)).ExcludeFromDescription().DisableRequestTimeout();
        routes.MapDelete("/mcp", (HttpContext context, McpEndpoint door, Caller caller) => door.Delete(context, caller)).ExcludeFromDescription();
    }

    /// <summary>The stream of a session. Without a session, and from 2026-07-28 on, there is none.</summary>
    private Task GetAsync(HttpContext context, Caller caller)
    {
        var wantsStream = context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Value == "text/event-stream");
        if (Envelope.StandsAlone(Envelope.VersionOf(context.Request)) || !wantsStream || SessionOf(context.Request, caller) is not { } session)
        {
            Refuse(context.Response, $"{HttpMethods.Post}, {HttpMethods.Delete}");
            return Task.CompletedTask;
        }

        return McpStream.FollowAsync(context, session, streams, caller);
    }

    /// <summary>Clients of the older versions end their session so. One that is not known is as good as ended.</summary>
    private void Delete(HttpContext context, Caller caller)
    {
        if (Envelope.StandsAlone(Envelope.VersionOf(context.Request)))
        {
            Refuse(context.Response, HttpMethods.Post);
            return;
        }

        sessions.End(caller, context.Request.Headers[SessionHeader]);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private McpSession? SessionOf(HttpRequest request, Caller caller) => sessions.Find(caller, request.Headers[SessionHeader]);

    private static void Refuse(HttpResponse response, string allowed)
    {
        response.Headers.Allow = allowed;
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    private async Task PostAsync(HttpContext context, Caller caller)
    {
        CheckTypes(context.Request);
        if (await ReadAsync(context) is not { } message)
        {
            await RefuseAsync(context, default, new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidRequest, Message = "The body is not one JSON-RPC 2.0 message." });
            return;
        }

        if (Envelope.Check(context.Request, message) is { } wrong)
        {
            await RefuseAsync(context, message is JsonRpcRequest one ? one.Id : default, wrong);
            return;
        }

        var standsAlone = Envelope.StandsAlone(Envelope.VersionOf(context.Request));
        var session = standsAlone ? null : SessionOf(context.Request, caller);
        if (message is not JsonRpcRequest request)
        {
            await TakeAsync(message, session, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        if (CallForm.Check(request, standsAlone) is { } malformed)
        {
            await RefuseAsync(context, request.Id, malformed);
            return;
        }

        if (request.Method == RequestMethods.SubscriptionsListen && standsAlone)
        {
            await ListenAsync(context, request, caller);
            return;
        }

        if (request.Method == RequestMethods.Initialize && !standsAlone && session is null)
        {
            session = sessions.Open(caller);
        }

        await AnswerAsync(context, request, session);
    }

    private async Task ListenAsync(HttpContext context, JsonRpcRequest request, Caller caller)
    {
        try
        {
            await McpStream.ListenAsync(context, request, streams, caller);
        }
        catch (McpProtocolException refusal)
        {
            await RefuseAsync(context, request.Id, McpRefusal.Detail(refusal));
        }
    }

    /// <summary>What needs no answer: a call that was given up, or what the client answers to a question. The rest has nothing to act on.</summary>
    private static Task TakeAsync(JsonRpcMessage message, McpSession? session, CancellationToken cancellationToken) => (session, message) switch
    {
        ({ } known, JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject given }) => known.CancelAsync(IdOf(given["requestId"])),
        ({ } known, JsonRpcMessageWithId answer) => known.AnsweredAsync(answer, cancellationToken),
        _ => Task.CompletedTask,
    };

    private static RequestId IdOf(JsonNode? node) => node is JsonValue value ? value.TryGetValue(out long number) ? new RequestId(number) : new RequestId(value.ToString()) : default;

    private async Task AnswerAsync(HttpContext context, JsonRpcRequest request, McpSession? session)
    {
        var version = Envelope.VersionOf(context.Request);
        if (version is not null)
        {
            request.Context = new JsonRpcMessageContext { ProtocolVersion = version };
        }

        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        if (request.Method == RequestMethods.Initialize && session is not null)
        {
            response.Headers[SessionHeader] = session.Id;
        }

        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        await using var transport = new StreamableHttpServerTransport { Stateless = session is null, OnSessionInitialized = (client, _) => Know(session, client) };
        var options = offer.For(session, canFollow: session is not null || Envelope.StandsAlone(version));
        if (session is not null)
        {
            options.Filters.Message.OutgoingFilters.Add(session.Asking(transport));
        }

        await using var server = McpServer.Create(transport, options, loggerFactory: null, context.RequestServices);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        session?.Begin(request.Id, given);
        var running = server.RunAsync(given.Token);
        try
        {
            await transport.HandlePostRequestAsync(request, response.Body, first => Begin(response, first), given.Token);
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // Given up by the client: it wants no answer.
        }
        finally
        {
            session?.End(request.Id, given, transport);
        }

        await transport.DisposeAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ValueTask Know(McpSession? session, InitializeRequestParams client)
    {
        if (session is not null)
        {
            session.Client = client;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Some errors have a status of their own, which is chosen before the first byte.</summary>
    private static ValueTask Begin(HttpResponse response, JsonRpcMessage? first)
    {
        if (first is JsonRpcError { Error.Code: var code } && !response.HasStarted)
        {
            response.StatusCode = (McpErrorCode)code switch
            {
                McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
                McpErrorCode.HeaderMismatch or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.MissingRequiredClientCapability => StatusCodes.Status400BadRequest,
                _ => response.StatusCode,
            };
        }

        return ValueTask.CompletedTask;
    }

    private static void CheckTypes(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw ParleyError.Invalid("content-type", "The body is not JSON.", "Send 'Content-Type: application/json'.");
        }

        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count > 0 && !accepted.Any(type => type.MediaType.Value is "text/event-stream" or "text/*" or "*/*"))
        {
            throw ParleyError.Invalid("accept", "The answer is a stream of events.", "Send 'Accept: application/json, text/event-stream'.");
        }
    }

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var body = await RequestBody.ReadAsync(reader, context.RequestAborted);
        try
        {
            var bytes = body.IsSingleSegment ? body.First : body.ToArray();
            return Utf8.IsValid(bytes.Span) ? JsonSerializer.Deserialize(bytes.Span, MessageType) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            return null;
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static Task RefuseAsync(HttpContext context, RequestId id, JsonRpcErrorDetail error, int status = StatusCodes.Status400BadRequest)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new JsonRpcError { Id = id, Error = error }, ErrorType), context.RequestAborted).AsTask();
    }
}
