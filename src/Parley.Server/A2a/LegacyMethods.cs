using System.Text.Json;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>The methods of 0.3, each as the one of 1.0 that it became.</summary>
internal sealed class LegacyMethods(A2aOperations operations, CardBook cards)
{
    public const string Stream = "message/stream";
    public const string Resubscribe = "tasks/resubscribe";
    public const string Cancel = "tasks/cancel";
    private const string PushPrefix = "tasks/pushNotificationConfig/";

    /// <summary>The method of that name; null for both where there is none.</summary>
    public (string? Name, RpcMethod? Method) Find(string name)
    {
        var found = name switch
        {
            "message/send" => new RpcMethod(SendAsync),
            Stream => new RpcMethod(null, call => operations.StreamAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacySendParams>()), call.Cancellation), LegacyMapping.ToLegacy),
            "tasks/get" => new RpcMethod(async call => Json(LegacyMapping.ToLegacy(await operations.GetAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskParams>()), call.Cancellation)))),
            Cancel => new RpcMethod(async call => Json(LegacyMapping.ToLegacy(await operations.CancelAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskParams>()), call.Cancellation)))),
            Resubscribe => new RpcMethod(
                null, call => operations.SubscribeAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskParams>()), call.Cancellation), LegacyMapping.ToLegacy),
            "agent/getAuthenticatedExtendedCard" => new RpcMethod(async call => Json(await cards.ExtendedAsync(call.Context.Request, call.Caller, call.Agent, call.Cancellation))),
            PushPrefix + "set" or PushPrefix + "get" or PushPrefix + "list" or PushPrefix + "delete" => new RpcMethod(_ => Task.FromException<JsonElement>(A2aOperations.PushRefusal())),
            _ => null,
        };
        return (found is null ? null : name, found);
    }

    private async Task<JsonElement> SendAsync(RpcCall call)
    {
        var answer = await operations.SendAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacySendParams>()), call.Cancellation);
        return answer.Task is { } task ? Json(LegacyMapping.ToLegacy(task)) : Json(LegacyMapping.ToLegacy(answer.Message!));
    }

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, A2aJson.Of<T>());
}
