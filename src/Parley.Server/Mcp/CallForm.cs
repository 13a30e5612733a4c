using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Parley.Server.Mcp;

/// <summary>The form of a request's parameters: what does not have it is told so, before the protocol's library takes it for a fault of this server.</summary>
internal static class CallForm
{
    /// <summary>What is wrong, or null.</summary>
    public static JsonRpcErrorDetail? Check(JsonRpcRequest request, bool standsAlone)
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

        return request.Method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet when !IsText(parameters?["name"]) => Wrong("'name' is not a name."),
            RequestMethods.ToolsCall or RequestMethods.PromptsGet when parameters!["arguments"] is not (null or JsonObject) => Wrong("'arguments' is not an object."),
            RequestMethods.ResourcesRead when !IsText(parameters?["uri"]) => Wrong("'uri' is not an address."),
            RequestMethods.ResourcesSubscribe or RequestMethods.ResourcesUnsubscribe when !standsAlone && !IsText(parameters?["uri"]) => Wrong("'uri' is not an address."),
            RequestMethods.SubscriptionsListen => CheckListen(parameters?["notifications"]),
            _ => null,
        };
    }

    private static JsonRpcErrorDetail? CheckListen(JsonNode? notifications) =>
        notifications is not (null or JsonObject) ? Wrong("'notifications' is not an object.")
        : notifications?["resourceSubscriptions"] is { } followed && !(followed is JsonArray uris && uris.All(IsText)) ? Wrong("'resourceSubscriptions' is not a list of addresses.")
        : null;

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static JsonRpcErrorDetail Wrong(string what) => new() { Code = (int)McpErrorCode.InvalidParams, Message = what };
}
