using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Parley.Server.Mcp;

/// <summary>The form of a request's parameters: what does not have it is told so, before the protocol's library takes it for a fault of this server.</summary>
internal static class CallForm
{
    /// <summary>What is wrong, or null.</summary>
    public static JsonRpcErrorDetail? Check(JsonRpcRequest request)
    {
        if (request.Params is not (null or JsonObject))
        {
            return Wrong("'params' is not an object.");
        }

        var parameters = request.Params as JsonObject;
        if (parameters?["_meta"] is { } given)
        {
            if (given is not JsonObject meta)
            {
                return Wrong("'_meta' is not an object.");
            }

            if (meta["progressToken"] is { } token && !(token.GetValueKind() == JsonValueKind.String || (token is JsonValue number && number.TryGetValue(out long _))))
            {
                return Wrong("'progressToken' is neither a text nor a whole number.");
            }
        }

        return request.Method != RequestMethods.ToolsCall ? null
            : parameters?["name"]?.GetValueKind() != JsonValueKind.String ? Wrong("'name' is not the name of a tool.")
            : parameters["arguments"] is not (null or JsonObject) ? Wrong("'arguments' is not an object.")
            : null;
    }

    private static JsonRpcErrorDetail Wrong(string what) => new() { Code = (int)McpErrorCode.InvalidParams, Message = what };
}
