using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Parley.Server.Mcp;

/// <summary>The form of a request's parameters: what does not have it is told so, before the protocol's library takes it for a fault of this server.</summary>
internal static class CallForm
{
    /// <summary>Of the older versions; the library answers it by itself.</summary>
    private const string LogLevel = "logging/setLevel";

    private static readonly string[] Levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    private static readonly Dictionary<string, Type> Forms = new(StringComparer.Ordinal)
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
        [RequestMethods.PromptsList] = typeof(ListPromptsRequestParams),
        [RequestMethods.PromptsGet] = typeof(GetPromptRequestParams),
        [RequestMethods.CompletionComplete] = typeof(CompleteRequestParams),
    };

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

        if (parameters?["inputResponses"] is not (null or JsonObject) || parameters?["requestState"] is { } state && !IsText(state))
        {
            return Wrong("'inputResponses' is not an object, or 'requestState' is not a text.");
        }

        return request.Method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet when !IsText(parameters?["name"]) => Wrong("'name' is not a name."),
            RequestMethods.ToolsCall or RequestMethods.PromptsGet when parameters!["arguments"] is not (null or JsonObject) => Wrong("'arguments' is not an object."),
            RequestMethods.ToolsCall => null,
            LogLevel when !standsAlone && !(IsText(parameters?["level"]) && Levels.Contains(parameters!["level"]!.GetValue<string>())) => Wrong("'level' is no level of logging."),
            RequestMethods.ResourcesRead when !IsText(parameters?["uri"]) => Wrong("'uri' is not an address."),
            RequestMethods.ResourcesSubscribe or RequestMethods.ResourcesUnsubscribe => standsAlone || IsText(parameters?["uri"]) ? null : Wrong("'uri' is not an address."),
            RequestMethods.SubscriptionsListen => CheckListen(parameters?["notifications"]),
            RequestMethods.Initialize when standsAlone => null,
            var method => Forms.TryGetValue(method, out var form) && !Fits(parameters ?? [], form) ? Wrong($"'params' does not have the form of {method}.") : null,
        };
    }

    private static JsonRpcErrorDetail? CheckListen(JsonNode? notifications) =>
        notifications is not (null or JsonObject) ? Wrong("'notifications' is not an object.")
        : notifications?["resourceSubscriptions"] is { } followed && !(followed is JsonArray uris && uris.All(IsText)) ? Wrong("'resourceSubscriptions' is not a list of addresses.")
        : null;

    private static bool Fits(JsonObject parameters, Type form)
    {
        try
        {
            return parameters.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(form)) is not null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static JsonRpcErrorDetail Wrong(string what) => new() { Code = (int)McpErrorCode.InvalidParams, Message = what };
}
