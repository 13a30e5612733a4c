using System.Globalization;
using System.Text.Json.Nodes;
using Parley.Core;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>The one table of what errors become at the A2A door: the codes of its specification where it has one, a server error of JSON-RPC else.</summary>
internal static class A2aErrors
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;

    /// <summary>What JSON-RPC leaves to servers, for refusals that the specification has no code for.</summary>
    private const int ServerError = -32000;
    private const int InvalidParams = -32602;
    private const int InternalError = -32603;
    private const string SpecificationDomain = "a2a-protocol.org";
    private const string OwnDomain = "parley";

    /// <summary>An error as JSON-RPC has it.</summary>
    public static RpcError ToRpc(ParleyError error, bool canceling)
    {
        var form = FormOf(error, canceling);
        return new RpcError { Code = form.Code, Message = Text(error), Data = Details(error, form) };
    }

    /// <summary>An error as HTTP+JSON has it, with its status.</summary>
    public static HttpError ToHttp(ParleyError error, bool canceling)
    {
        var form = FormOf(error, canceling);
        return new HttpError(new HttpErrorStatus(form.Status, form.Name, Text(error), Details(error, form)));
    }

    /// <summary>The HTTP status of an error.</summary>
    public static int StatusOf(ParleyError error, bool canceling) => FormOf(error, canceling).Status;

    /// <summary>An unknown address is answered like any other, before the protocol.</summary>
    public static bool IsAddress(ParleyError error) => error.Code == ErrorCode.NotFound && error.Field == Core.Tasks.TaskTarget.Field;

    private static Form FormOf(ParleyError error, bool canceling)
    {
        var code = error.Code;
        return code == ErrorCode.NotFound && error.Field is null ? new Form(-32001, 404, "NOT_FOUND", "TASK_NOT_FOUND")
            : code == ErrorCode.TaskEnded && canceling ? new Form(-32002, 400, "FAILED_PRECONDITION", "TASK_NOT_CANCELABLE")
            : code == ErrorCode.NotSupported && error.Field == Push ? new Form(-32003, 400, "FAILED_PRECONDITION", "PUSH_NOTIFICATION_NOT_SUPPORTED")
            : code == ErrorCode.NotSupported && error.Field == Version ? new Form(-32009, 400, "FAILED_PRECONDITION", "VERSION_NOT_SUPPORTED")
            : code == ErrorCode.NotSupported || code == ErrorCode.TaskEnded || code == ErrorCode.SessionEnded ? new Form(-32004, 400, "FAILED_PRECONDITION", "UNSUPPORTED_OPERATION")
            : code == ErrorCode.ContentNotSupported ? new Form(-32005, 400, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED")
            : code == ErrorCode.Internal ? new Form(InternalError, 500, "INTERNAL", null)
            : code.HttpStatus is 400 or 413 || code == ErrorCode.KeyReused || code == ErrorCode.UnknownRecipient ? new Form(InvalidParams, code.HttpStatus, "INVALID_ARGUMENT", null)
            : new Form(ServerError, code.HttpStatus, NameOf(code.HttpStatus), null);
    }

    /// <summary>The field of a refusal that concerns push notifications.</summary>
    public const string Push = "pushNotificationConfig";

    /// <summary>The field of a refusal of a version.</summary>
    public const string Version = "A2A-Version";

    private static string NameOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        503 or 507 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "PERMISSION_DENIED",
    };

    /// <summary>A model on the other side reads the message alone, so it says what to do as well.</summary>
    private static string Text(ParleyError error) => $"{error.Message} {error.Fix}";

    private static JsonArray Details(ParleyError error, Form form)
    {
        var metadata = new JsonObject { ["code"] = error.Code.Name, ["fix"] = error.Fix };
        if (error.RetryAfter is { } wait)
        {
            metadata["retryAfter"] = Math.Max(0, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var details = new JsonArray(new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
            ["reason"] = form.Reason ?? error.Code.Name.ToUpperInvariant(),
            ["domain"] = form.Reason is null ? OwnDomain : SpecificationDomain,
            ["metadata"] = metadata,
        });
        if (form.Code == InvalidParams && error.Field is { } field)
        {
            details.Add((JsonNode)new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.BadRequest",
                ["fieldViolations"] = new JsonArray(new JsonObject { ["field"] = field, ["description"] = error.Message }),
            });
        }

        return details;
    }

    /// <param name="Code">The code of JSON-RPC.</param>
    /// <param name="Status">The status of HTTP.</param>
    /// <param name="Name">The name of the status in google.rpc.</param>
    /// <param name="Reason">The specification's name of the error; null where it has none.</param>
    private sealed record Form(int Code, int Status, string Name, string? Reason);
}
