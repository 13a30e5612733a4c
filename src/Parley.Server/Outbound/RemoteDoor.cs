using System.Globalization;
using System.Text;
using System.Text.Json;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Remotes;
using Parley.Server.A2a.Wire;

namespace Parley.Server.Outbound;

/// <summary>The client side of A2A: 1.0 over JSON-RPC and HTTP+JSON, 0.3 over JSON-RPC.</summary>
internal sealed class RemoteDoor(IOutbound outbound) : IRemoteDoor
{
    private const int MostBytes = Limits.BodyBytes;
    private const int History = 5;
    private const int InternalError = -32603;
    private static readonly TimeSpan CardTime = TimeSpan.FromSeconds(10);
    private static readonly string[] TextOnly = ["text/plain"];

    /// <inheritdoc/>
    public async Task<RemoteCard> ReadCardAsync(Uri address, string? token, CancellationToken cancellationToken)
    {
        var why = "nothing answers there.";
        foreach (var place in RemoteCards.Places(address))
        {
            var answer = await outbound.SendAsync(new OutboundCall("GET", place) { Headers = HeadersOf(token, null), Time = CardTime, MostBytes = MostBytes }, cancellationToken);
            if (answer.IsSuccess && Parse<AgentCard>(answer.Body) is { Name.Length: > 0 } card)
            {
                return RemoteCards.Of(place, card) ?? throw RemoteCards.None(place, "the card names no JSON-RPC or HTTP+JSON interface of A2A 1.0 or 0.3.");
            }

            why = answer.IsSuccess ? "what is there is no card." : string.Create(CultureInfo.InvariantCulture, $"it answered {answer.Status}.");
        }

        throw RemoteCards.None(address, why);
    }

    /// <inheritdoc/>
    public Task<RemoteAnswer> SendAsync(RemoteInterface to, string? token, RemoteMessage message, CancellationToken cancellationToken)
    {
        if (to.Version == "0.3")
        {
            return CallAsync(to, token, "message/send", RemoteForms.Legacy(message), A2aJson.Of<LegacySendParams>(), RemoteForms.OfLegacy, cancellationToken);
        }

        var request = RemoteForms.Request(message, to.Tenant, TextOnly);
        return to.Binding == RemoteBinding.JsonRpc
            ? CallAsync(to, token, "SendMessage", request, A2aJson.Of<SendMessageRequest>(), RemoteForms.OfSend, cancellationToken)
            : RestAsync(to, token, new OutboundCall("POST", Below(to, "message:send")) { Body = JsonSerializer.SerializeToUtf8Bytes(request, A2aJson.Of<SendMessageRequest>()) }, RemoteForms.OfSend, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RemoteAnswer> PollAsync(RemoteInterface to, string? token, string taskId, CancellationToken cancellationToken)
    {
        if (to.Version == "0.3")
        {
            return CallAsync(to, token, "tasks/get", new LegacyTaskParams { Id = taskId, HistoryLength = History }, A2aJson.Of<LegacyTaskParams>(), RemoteForms.OfLegacy, cancellationToken);
        }

        return to.Binding == RemoteBinding.JsonRpc
            ? CallAsync(to, token, "GetTask", new TaskRequest { Id = taskId, Tenant = to.Tenant, HistoryLength = History }, A2aJson.Of<TaskRequest>(), RemoteForms.OfTask, cancellationToken)
            : RestAsync(to, token, new OutboundCall("GET", Below(to, $"tasks/{Uri.EscapeDataString(taskId)}?historyLength={History}")), RemoteForms.OfTask, cancellationToken);
    }

    private async Task<RemoteAnswer> CallAsync<T>(
        RemoteInterface to, string? token, string method, T parameters, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<JsonElement, RemoteAnswer> read, CancellationToken cancellationToken)
    {
        var call = new RpcRequest { Jsonrpc = "2.0", Id = JsonSerializer.SerializeToElement(1), Method = method, Params = JsonSerializer.SerializeToElement(parameters, type) };
        var answer = await outbound.SendAsync(
            new OutboundCall("POST", new Uri(to.Url)) { Body = JsonSerializer.SerializeToUtf8Bytes(call, A2aJson.Of<RpcRequest>()), Headers = HeadersOf(token, to.Version), Time = RemoteRules.CallTime, MostBytes = MostBytes },
            cancellationToken);
        // Servers give errors of JSON-RPC with any status.
        if (Parse<RpcResponse>(answer.Body) is { } response && (response.Error is not null || response.Result is not null))
        {
            return response.Error is { } error ? OfError(error.Code == InternalError, error.Code, error.Message) : Read(response.Result!.Value, read);
        }

        return OfStatus(answer);
    }

    private async Task<RemoteAnswer> RestAsync(RemoteInterface to, string? token, OutboundCall call, Func<JsonElement, RemoteAnswer> read, CancellationToken cancellationToken)
    {
        var answer = await outbound.SendAsync(call with { Headers = HeadersOf(token, to.Version), Time = RemoteRules.CallTime, MostBytes = MostBytes }, cancellationToken);
        return answer.IsSuccess && Parse<JsonElement>(answer.Body, JsonSerializerOptions.Web) is { ValueKind: JsonValueKind.Object } body ? Read(body, read) : OfStatus(answer);
    }

    private static Uri Below(RemoteInterface to, string path) => new($"{to.Url.TrimEnd('/')}/{(to.Tenant is { Length: > 0 } tenant ? Uri.EscapeDataString(tenant) + "/" : "")}{path}");

    private static RemoteAnswer Read(JsonElement result, Func<JsonElement, RemoteAnswer> read)
    {
        try
        {
            return read(result);
        }
        catch (JsonException)
        {
            throw new ParleyError(ErrorCode.OutboundFailed, "The remote agent answered something that is not A2A.", "Look at its server, or read its card again: parley agent remote refresh NAME");
        }
    }

    /// <summary>What may pass by itself is tried again; the rest is the remote agent's answer.</summary>
    private static RemoteAnswer OfStatus(OutboundAnswer answer) => answer.Status is >= 400 and <= 499 and not (408 or 425 or 429)
        ? OfError(passes: false, answer.Status, "It refused the call.")
        : OfError(passes: true, answer.Status, "It did not answer as A2A says.");

    private static RemoteAnswer OfError(bool passes, int code, string said)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"The remote agent's server answered {code}: {Core.Webhooks.WebhookBody.LineOf(said)}");
        return passes ? throw new ParleyError(ErrorCode.OutboundFailed, text, "Look at its server.") : new RemoteAnswer(RemoteState.Failed, text);
    }

    private static Dictionary<string, string> HeadersOf(string? token, string? version)
    {
        var headers = new Dictionary<string, string> { ["Accept"] = "application/json" };
        if (version is not null)
        {
            headers["A2A-Version"] = version;
        }

        if (token is not null)
        {
            headers["Authorization"] = $"Bearer {token}";
        }

        return headers;
    }

    private static T? Parse<T>(byte[] body, JsonSerializerOptions? options = null)
    {
        try
        {
            return options is null ? JsonSerializer.Deserialize(body, A2aJson.Of<T>()) : JsonSerializer.Deserialize<T>(body, options);
        }
        catch (Exception fault) when (fault is JsonException or DecoderFallbackException)
        {
            return default;
        }
    }
}
