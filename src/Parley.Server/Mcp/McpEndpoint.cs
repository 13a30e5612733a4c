using System.Buffers;
using System.Text.Json;
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

/// <summary>The door for the Model Context Protocol over HTTP. Every request stands for itself: there is no session that a restart or another node could lose.</summary>
internal sealed class McpEndpoint
{
    private static readonly JsonSerializerOptions Json = new(McpJsonUtilities.DefaultOptions) { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = false };
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)Json.GetTypeInfo(typeof(JsonRpcMessage));
    private static readonly JsonTypeInfo<JsonRpcError> ErrorType = (JsonTypeInfo<JsonRpcError>)Json.GetTypeInfo(typeof(JsonRpcError));
    private readonly McpServerOptions options;

    public McpEndpoint(McpTools tools) => options = new McpServerOptions
    {
        ServerInfo = new Implementation { Name = "parley", Title = "Parley", Version = ProductVersion.Current },
        ServerInstructions = "Parley carries messages between agents. Begin with check_messages; end a task that waits for others with check_messages and wait_seconds.",
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
        ScopeRequests = false,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(tools.Listing),
            CallToolHandler = tools.CallAsync,
        },
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/mcp", (HttpContext context, McpEndpoint door, Caller caller) => door.PostAsync(context)).ExcludeFromDescription().DisableRequestTimeout();
        routes.MapDelete("/mcp", Delete).ExcludeFromDescription();
    }

    /// <summary>Clients of the older versions end their session so. There is none, and that is as good as ended.</summary>
    private static void Delete(HttpContext context, Caller caller)
    {
        if (Envelope.StandsAlone(Envelope.VersionOf(context.Request)))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task PostAsync(HttpContext context)
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

        if (message is not JsonRpcRequest request)
        {
            // Notifications and answers have nothing to act on where nothing is kept: a call that was given up ends with its connection, or answers into the void.
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        if (CallForm.Check(request) is { } malformed)
        {
            await RefuseAsync(context, request.Id, malformed);
            return;
        }

        if (request.Method == RequestMethods.SubscriptionsListen)
        {
            // There is nothing that changes by itself: a stream would stand open for nothing.
            await RefuseAsync(context, request.Id, new JsonRpcErrorDetail { Code = (int)McpErrorCode.MethodNotFound, Message = "There is nothing to listen to; wait with check_messages." }, StatusCodes.Status404NotFound);
            return;
        }

        await AnswerAsync(context, request);
    }

    private async Task AnswerAsync(HttpContext context, JsonRpcRequest request)
    {
        if (Envelope.VersionOf(context.Request) is { } version)
        {
            request.Context = new JsonRpcMessageContext { ProtocolVersion = version };
        }

        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, options, loggerFactory: null, context.RequestServices);
        var running = server.RunAsync(context.RequestAborted);
        await transport.HandlePostRequestAsync(request, response.Body, first => Begin(response, first), context.RequestAborted);
        await transport.DisposeAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
