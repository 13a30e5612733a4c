using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Server.A2a.Wire;
using Parley.Server.Errors;
using Parley.Server.Http;

namespace Parley.Server.A2a;

/// <summary>The JSON-RPC binding, in 1.0 and 0.3 at one address.</summary>
internal sealed class RpcDoor(RpcMethods methods, LegacyMethods legacy, StreamServices streams)
{
    private static readonly JsonElement Null = JsonElement.Parse("null");

    /// <summary>Answers one call.</summary>
    public async Task PostAsync(HttpContext context, string? agent, Caller caller)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw ParleyError.Invalid("content-type", "The body is not JSON.", "Send 'Content-Type: application/json'.");
        }

        if (await ReadAsync(context) is not { } body)
        {
            await RefuseAsync(context, Null, A2aErrors.ParseError, "The body is not valid JSON.");
            return;
        }

        if (CallOf(body) is not { } call)
        {
            await RefuseAsync(context, IdOf(body), A2aErrors.InvalidRequest, "The body is not one call of JSON-RPC 2.0 with an id.");
            return;
        }

        await AnswerAsync(context, agent, caller, call);
    }

    private async Task AnswerAsync(HttpContext context, string? agent, Caller caller, Call call)
    {
        try
        {
            var generation = Generations.Of(context.Request, Generation.Legacy);
            var (name, told) = generation == Generation.One ? methods.Find(call.Method) : legacy.Find(call.Method);
            if (told is null)
            {
                throw Unknown(call.Method, generation, name is not null);
            }

            await RunAsync(context, new RpcCall(agent, caller, call.Params, context), told, call.Id);
        }
        catch (Exception fault) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && !(ErrorMap.From(fault) is var error && (A2aErrors.IsAddress(error) || error.Code == ErrorCode.Internal)))
        {
            await RefuseAsync(context, call, ErrorMap.From(fault));
        }
    }

    private async Task RunAsync(HttpContext context, RpcCall call, RpcMethod method, JsonElement id)
    {
        if (method.Streams is { } begin)
        {
            await EventStream.RunAsync(context, call.Caller, streams, cancellation => begin(call with { Cancellation = cancellation }), happened => Bytes(id, method.Tell!(happened)));
            return;
        }

        var result = await method.Answers!(call with { Cancellation = context.RequestAborted });
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Bytes(id, result), context.RequestAborted);
    }

    private static byte[] Bytes(JsonElement id, JsonElement result) => JsonSerializer.SerializeToUtf8Bytes(new RpcResponse { Id = id, Result = result }, A2aJson.Of<RpcResponse>());

    private static ParleyError Unknown(string method, Generation generation, bool other)
    {
        var shown = method.Length > 60 ? method[..60] : method;
        var fix = generation == Generation.Legacy && RpcMethods.Names.Contains(method) ? "Send the header 'A2A-Version: 1.0' with it." : "Use a method of the version that A2A-Version names; without that header it is 0.3.";
        return new ParleyError(ErrorCode.MethodNotAllowed, $"There is no method '{shown}'.", other ? "" : fix);
    }

    private static async Task RefuseAsync(HttpContext context, Call call, ParleyError error)
    {
        var canceling = call.Method is RpcMethods.Cancel or LegacyMethods.Cancel;
        var told = error.Code == ErrorCode.MethodNotAllowed ? new RpcError { Code = A2aErrors.MethodNotFound, Message = $"{error.Message} {error.Fix}" } : A2aErrors.ToRpc(error, canceling);
        // Clients of 0.3 look for an error of a stream only where the status says that there is one.
        context.Response.StatusCode = call.Method is RpcMethods.Stream or RpcMethods.Subscribe or LegacyMethods.Stream or LegacyMethods.Resubscribe ? A2aErrors.StatusOf(error, canceling) : StatusCodes.Status200OK;
        await WriteAsync(context, call.Id, told);
    }

    private static Task RefuseAsync(HttpContext context, JsonElement id, int code, string message)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return WriteAsync(context, id, new RpcError { Code = code, Message = message });
    }

    private static async Task WriteAsync(HttpContext context, JsonElement id, RpcError error)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new RpcResponse { Id = id, Error = error }, A2aJson.Of<RpcResponse>()), context.RequestAborted);
    }

    private static async Task<JsonElement?> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var body = await RequestBody.ReadAsync(reader, context.RequestAborted);
        try
        {
            var bytes = body.IsSingleSegment ? body.First : body.ToArray();
            return Utf8.IsValid(bytes.Span) ? JsonSerializer.Deserialize(bytes.Span, A2aJson.Of<JsonElement>()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static Call? CallOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && Text(body, "jsonrpc") == "2.0" && Text(body, "method") is { Length: > 0 } method
            && body.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? new Call(id, method, body.TryGetProperty("params", out var given) ? given : null)
            : null;

    private static JsonElement IdOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id : Null;

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? TextOf(value) : null;

    /// <summary>Half a surrogate pair is no text.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Call(JsonElement Id, string Method, JsonElement? Params);
}
