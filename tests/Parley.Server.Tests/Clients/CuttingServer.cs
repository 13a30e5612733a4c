using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Parley.Server.Tests.Clients;

/// <summary>Takes messages as a Parley server does, and answers each as the test says: it may cut the connection instead.</summary>
public sealed class CuttingServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Step> steps;

    private CuttingServer(WebApplication app, IEnumerable<Step> steps) => (this.app, this.steps) = (app, new(steps));

    public enum Step
    {
        Cut,
        Refuse,
        Accept,
        Stall,
        Reject,

        /// <summary>A load balancer's page: no node is there.</summary>
        NoNode,

        /// <summary>A load balancer's page: the node gave no answer.</summary>
        BadGateway,

        /// <summary>As Kestrel and load balancers answer a call that did not come whole in time, such as while the process was held still.</summary>
        NotHeard,
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The keys of the sends that arrived.</summary>
    public ConcurrentQueue<string?> Keys { get; } = new();

    /// <summary>Set when a send is left without an answer.</summary>
    public Signal Stalled { get; } = new();

    /// <summary>Raised when a first send arrives.</summary>
    public Signal Arrived { get; } = new();

    public static async Task<CuttingServer> StartAsync(params Step[] steps)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new CuttingServer(app, steps);
        app.UseWebSockets();
        app.MapPost("/api/v1/messages", server.TakeAsync);
        app.MapPost("/api/v1/meetings/{meeting}/messages", server.TakeAsync);
        app.Map("/ws", server.TalkAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    public Task StopAsync() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static object Refusal => new { code = "halted", title = "The organization is halted.", status = 423, fix = "Ask a person." };

    private async Task TakeAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        Keys.Enqueue(body.RootElement.GetProperty("key").GetString());
        Arrived.Raise();
        var step = Next();
        switch (step)
        {
            case Step.Cut:
                http.Abort();
                break;
            case Step.Stall:
                http.Response.ContentType = "application/json";
                await http.Response.StartAsync();
                await http.Response.Body.FlushAsync();
                Stalled.Raise();
                await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
                break;
            case Step.Accept:
                await http.Response.WriteAsJsonAsync(Receipt(null));
                break;
            case Step.NotHeard:
                http.Response.StatusCode = StatusCodes.Status408RequestTimeout;
                break;
            case Step.NoNode:
            case Step.BadGateway:
                http.Response.StatusCode = step == Step.NoNode ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway;
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<html><body><h1>Sorry</h1></body></html>");
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status423Locked;
                await http.Response.WriteAsJsonAsync(Refusal, (JsonSerializerOptions?)null, "application/problem+json");
                break;
        }
    }

    private async Task TalkAsync(HttpContext http)
    {
        if (steps.TryPeek(out var step) && step == Step.Reject)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync("parley.v1");
        await SayAsync(socket, new { type = "hello", protocol = "parley.v1", agent = "tesla", cursor = "e-0", head = 0, epoch = "e", server = "stub" });
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, http.RequestAborted);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            using var frame = JsonDocument.Parse(buffer.AsMemory(0, part.Count));
            Keys.Enqueue(frame.RootElement.GetProperty("key").GetString());
            var reference = frame.RootElement.GetProperty("ref").GetString();
            switch (Next())
            {
                case Step.Cut:
                    http.Abort();
                    return;
                case Step.Accept:
                    await SayAsync(socket, Receipt(reference));
                    break;
                default:
                    await SayAsync(socket, new { type = "error", @ref = reference, code = "halted", message = "The organization is halted.", fix = "Ask a person." });
                    break;
            }
        }
    }

    private Step Next() => steps.TryDequeue(out var step) ? step : Step.Refuse;

    private static object Receipt(string? reference) => new
    {
        type = "ack", @ref = reference, verdict = "accepted", duplicate = true, message_id = Guid.NewGuid(), conversation_id = Guid.NewGuid(), number = 1,
        deliveries = Array.Empty<object>(), delivery_count = 1, durability = "disk", created_at = DateTimeOffset.UnixEpoch,
    };

    private static Task SayAsync(WebSocket socket, object frame) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);
}
