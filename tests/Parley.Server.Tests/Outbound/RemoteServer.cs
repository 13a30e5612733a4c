using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Parley.Server.Tests.Outbound;

/// <summary>A server of another vendor that speaks A2A, written from the specification alone: <c>/card.json</c>, JSON-RPC at <c>/rpc</c>, HTTP+JSON below <c>/rest</c>, and 0.3 at <c>/old</c>.</summary>
internal sealed class RemoteServer : IAsyncDisposable
{
    private readonly Receiver receiver;
    private int looks;

    private RemoteServer(Receiver receiver) => this.receiver = receiver;

    /// <summary>What arrived: method and path, and the message's id where there was one.</summary>
    public ConcurrentQueue<(string Call, string? MessageId, string? Authorization, string? Version)> Calls { get; } = new();

    /// <summary>The interface that the card names: <c>rpc</c>, <c>rest</c> or <c>old</c>.</summary>
    public string Speaks { get; set; } = "rpc";

    /// <summary>Statuses that the next calls of messages are answered with, before the real thing.</summary>
    public ConcurrentQueue<int> Failures { get; } = new();

    /// <summary>Whether a message becomes a task that is done at the second look.</summary>
    public bool MakesTasks { get; set; }

    public Receiver Receiver => receiver;

    public Uri Card => receiver["/card.json"];

    public static async Task<RemoteServer> StartAsync()
    {
        RemoteServer? server = null;
        var receiver = await Receiver.StartAsync(context => server!.AnswerAsync(context));
        return server = new RemoteServer(receiver);
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        var body = text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : null;
        var message = body?["params"]?["message"] ?? body?["message"];
        Calls.Enqueue(((string?)body?["method"] is { } method ? $"{path} {method}" : $"{context.Request.Method} {path}", (string?)message?["messageId"], context.Request.Headers.Authorization, context.Request.Headers["A2A-Version"]));
        if (message is not null && Failures.TryDequeue(out var status))
        {
            context.Response.StatusCode = status;
            return;
        }

        JsonNode? answer = path switch
        {
            "/card.json" => CardOf(),
            "/rpc" => Rpc(body!, message, legacy: false),
            "/old" => Rpc(body!, message, legacy: true),
            "/rest/message:send" => Sent(message!, legacy: false),
            _ when path.StartsWith("/rest/tasks/", StringComparison.Ordinal) => TaskOf("TASK_STATE", legacy: false),
            _ => null,
        };
        context.Response.StatusCode = answer is null ? 404 : 200;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer?.ToJsonString() ?? "{}");
    }

    private JsonObject CardOf()
    {
        var card = new JsonObject
        {
            ["name"] = "Other Vendor", ["description"] = "Shouts.", ["version"] = "7", ["capabilities"] = new JsonObject(), ["defaultInputModes"] = new JsonArray("text/plain"),
            ["defaultOutputModes"] = new JsonArray("text/plain"), ["someFutureField"] = new JsonArray(1, 2),
            ["skills"] = new JsonArray(new JsonObject { ["id"] = "shout", ["name"] = "Shout", ["description"] = "Says it louder.", ["tags"] = new JsonArray("loud") }),
        };
        if (Speaks == "old")
        {
            (card["protocolVersion"], card["url"], card["preferredTransport"]) = ("0.3.0", receiver["/old"].ToString(), "JSONRPC");
        }
        else
        {
            card["supportedInterfaces"] = new JsonArray(new JsonObject
            {
                ["url"] = receiver["/" + Speaks].ToString(), ["protocolBinding"] = Speaks == "rest" ? "HTTP+JSON" : "JSONRPC", ["protocolVersion"] = "1.0",
            });
        }

        return card;
    }

    private JsonObject Rpc(JsonObject call, JsonNode? message, bool legacy) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = call["id"]!.DeepClone(),
        ["result"] = message is not null ? Sent(message, legacy) : TaskOf(legacy ? "" : "TASK_STATE", legacy),
    };

    private JsonObject Sent(JsonNode message, bool legacy)
    {
        if (MakesTasks)
        {
            var task = TaskOf(legacy ? "" : "TASK_STATE", legacy);
            return legacy ? task : new JsonObject { ["task"] = task };
        }

        var part = new JsonObject { ["text"] = ((string)message["parts"]![0]!["text"]!).ToUpperInvariant() };
        var said = new JsonObject { ["messageId"] = "m-1", ["contextId"] = "c-1", ["role"] = legacy ? "agent" : "ROLE_AGENT", ["parts"] = new JsonArray(part) };
        if (legacy)
        {
            (part["kind"], said["kind"]) = ("text", "message");
            return said;
        }

        return new JsonObject { ["message"] = said };
    }

    private JsonObject TaskOf(string prefix, bool legacy)
    {
        var done = looks++ > 1;
        var part = new JsonObject { ["text"] = "MADE" };
        var state = done ? "completed" : "working";
        var task = new JsonObject
        {
            ["id"] = "t-1", ["contextId"] = "c-1", ["status"] = new JsonObject { ["state"] = legacy ? state : $"{prefix}_{state.ToUpperInvariant()}" },
            ["artifacts"] = done ? new JsonArray(new JsonObject { ["artifactId"] = "a-1", ["parts"] = new JsonArray(part) }) : new JsonArray(),
        };
        if (legacy)
        {
            (part["kind"], task["kind"]) = ("text", "task");
        }

        return task;
    }
}
