using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Server.A2a.Wire;

/// <summary>A call of JSON-RPC 2.0.</summary>
internal sealed record RpcRequest
{
    public string? Jsonrpc { get; init; }

    public JsonElement? Id { get; init; }

    public string? Method { get; init; }

    public JsonElement? Params { get; init; }
}

/// <summary>Its answer: a result or an error.</summary>
internal sealed record RpcResponse
{
    public string Jsonrpc { get; init; } = "2.0";

    /// <summary>The call's id as it came; JSON's null where it could not be read.</summary>
    public JsonElement Id { get; init; }

    public JsonElement? Result { get; init; }

    public RpcError? Error { get; init; }
}

/// <summary>An error of JSON-RPC with the details of <c>google.rpc</c>.</summary>
internal sealed record RpcError
{
    public int Code { get; init; }

    public string Message { get; init; } = "";

    public JsonNode? Data { get; init; }
}

/// <summary>The body of an error over HTTP+JSON.</summary>
internal sealed record HttpError(HttpErrorStatus Error);

/// <summary>A <c>google.rpc.Status</c>.</summary>
internal sealed record HttpErrorStatus(int Code, string Status, string Message, JsonArray Details);
