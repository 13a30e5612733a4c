using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>One call of JSON-RPC.</summary>
/// <param name="Agent">Whom the address names; null for the server itself.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Params">With what.</param>
/// <param name="Context">The request.</param>
internal sealed record RpcCall(string? Agent, Caller Caller, JsonElement? Params, HttpContext Context)
{
    public CancellationToken Cancellation { get; init; }

    /// <summary>The parameters as that type; throws <c>invalid_request</c>.</summary>
    public T As<T>()
    {
        try
        {
            return Params is { ValueKind: JsonValueKind.Object } given && given.Deserialize(A2aJson.Of<T>()) is { } read
                ? read
                : throw ParleyError.Invalid("params", "The parameters are no object.", "Send the method's parameters by name.");
        }
        catch (InvalidOperationException)
        {
            throw ParleyError.Invalid("params", "The parameters have a text that is not Unicode.", "Send valid Unicode text.");
        }
    }
}

/// <summary>How a method is answered: at once, or with a stream and how each of its events is told.</summary>
internal sealed record RpcMethod(
    Func<RpcCall, Task<JsonElement>>? Answers, Func<RpcCall, Task<IAsyncEnumerable<StreamResponse>>>? Streams = null, Func<StreamResponse, JsonElement>? Tell = null);

/// <summary>The methods of 1.0.</summary>
internal sealed class RpcMethods(A2aOperations operations, PushOperations pushes, CardBook cards)
{
    public const string Stream = "SendStreamingMessage";
    public const string Subscribe = "SubscribeToTask";
    public const string Cancel = "CancelTask";
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static readonly IReadOnlyList<string> Names =
    [
        "SendMessage", Stream, "GetTask", "ListTasks", Cancel, Subscribe, "CreateTaskPushNotificationConfig", "GetTaskPushNotificationConfig", "ListTaskPushNotificationConfigs",
        "DeleteTaskPushNotificationConfig", "GetExtendedAgentCard",
    ];

    /// <summary>The method of that name; null for both where there is none.</summary>
    public (string? Name, RpcMethod? Method) Find(string name) => (Names.Contains(name) ? name : null, name switch
    {
        "SendMessage" => Answer(async call => A2aJson.Element(await operations.SendAsync(call.Caller, call.Agent, call.As<SendMessageRequest>(), call.Cancellation))),
        Stream => new RpcMethod(null, call => operations.StreamAsync(call.Caller, call.Agent, call.As<SendMessageRequest>(), call.Cancellation), A2aJson.Element),
        "GetTask" => Answer(async call => A2aJson.Element(await operations.GetAsync(call.Caller, call.Agent, call.As<TaskRequest>(), call.Cancellation))),
        "ListTasks" => Answer(async call => A2aJson.Element(await operations.ListAsync(call.Caller, call.Agent, call.Params is null or { ValueKind: JsonValueKind.Null } ? new ListTasksRequest() : call.As<ListTasksRequest>(), call.Cancellation))),
        Cancel => Answer(async call => A2aJson.Element(await operations.CancelAsync(call.Caller, call.Agent, call.As<TaskRequest>(), call.Cancellation))),
        Subscribe => new RpcMethod(null, call => operations.SubscribeAsync(call.Caller, call.Agent, call.As<TaskRequest>(), call.Cancellation), A2aJson.Element),
        "CreateTaskPushNotificationConfig" => Answer(async call => A2aJson.Element(await pushes.AddAsync(call.Caller, call.Agent, call.As<TaskPushNotificationConfig>(), call.Cancellation))),
        "GetTaskPushNotificationConfig" => Answer(async call => A2aJson.Element(await pushes.GetAsync(call.Caller, call.Agent, call.As<PushConfigRequest>(), call.Cancellation))),
        "ListTaskPushNotificationConfigs" => Answer(async call => A2aJson.Element(await pushes.ListAsync(call.Caller, call.Agent, call.As<PushConfigRequest>(), call.Cancellation))),
        "DeleteTaskPushNotificationConfig" => Answer(call => pushes.RemoveAsync(call.Caller, call.Agent, call.As<PushConfigRequest>(), call.Cancellation, Nothing)),
        "GetExtendedAgentCard" => Answer(async call => A2aJson.Element(await cards.ExtendedAsync(call.Context.Request, call.Caller, call.Agent, call.Cancellation))),
        _ => null,
    });

    private static RpcMethod Answer(Func<RpcCall, Task<JsonElement>> answers) => new(answers);
}
