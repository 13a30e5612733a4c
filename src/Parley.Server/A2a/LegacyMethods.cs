using System.Text.Json;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>The methods of 0.3, each as the one of 1.0 that it became.</summary>
internal sealed class LegacyMethods(A2aOperations operations, PushOperations pushes, CardBook cards)
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
            "tasks/get" => new RpcMethod(async call => A2aJson.Element(LegacyMapping.ToLegacy(await operations.GetAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskParams>()), call.Cancellation)))),
            Cancel => new RpcMethod(async call => A2aJson.Element(LegacyMapping.ToLegacy(await operations.CancelAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskParams>()), call.Cancellation)))),
            Resubscribe => new RpcMethod(
                null, call => operations.SubscribeAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskParams>()), call.Cancellation), LegacyMapping.ToLegacy),
            "agent/getAuthenticatedExtendedCard" => new RpcMethod(async call => A2aJson.Element(await cards.ExtendedAsync(call.Context.Request, call.Caller, call.Agent, call.Cancellation))),
            PushPrefix + "set" => new RpcMethod(async call => A2aJson.Element(LegacyMapping.ToLegacy(await pushes.AddAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacyTaskPushConfig>()), call.Cancellation)))),
            PushPrefix + "get" => new RpcMethod(async call => A2aJson.Element(LegacyMapping.ToLegacy(await pushes.GetAsync(call.Caller, call.Agent, LegacyMapping.PushOf(call.As<LegacyTaskParams>()), call.Cancellation)))),
            PushPrefix + "list" => new RpcMethod(ListPushesAsync),
            PushPrefix + "delete" => new RpcMethod(call => pushes.RemoveAsync(call.Caller, call.Agent, LegacyMapping.PushOf(call.As<LegacyTaskParams>()), call.Cancellation, JsonElement.Parse("null"))),
            _ => null,
        };
        return (found is null ? null : name, found);
    }

    private async Task<JsonElement> ListPushesAsync(RpcCall call)
    {
        var list = await pushes.ListAsync(call.Caller, call.Agent, LegacyMapping.PushOf(call.As<LegacyTaskParams>()), call.Cancellation);
        return A2aJson.Element<IReadOnlyList<LegacyTaskPushConfig>>([.. list.Configs.Select(LegacyMapping.ToLegacy)]);
    }

    private async Task<JsonElement> SendAsync(RpcCall call)
    {
        var answer = await operations.SendAsync(call.Caller, call.Agent, LegacyMapping.Of(call.As<LegacySendParams>()), call.Cancellation);
        return answer.Task is { } task ? A2aJson.Element(LegacyMapping.ToLegacy(task)) : A2aJson.Element(LegacyMapping.ToLegacy(answer.Message!));
    }
}
