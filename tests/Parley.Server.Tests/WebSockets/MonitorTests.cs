using System.Net.WebSockets;
using System.Text.Json;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.WebSockets;

/// <summary>A client that knows an address and subprotocols only, takes each text frame for an event, and is cut off now and then: the Monitor tool of Claude Code.</summary>
public sealed class MonitorTests
{
    [Fact]
    public async Task Every_text_frame_is_one_event_and_a_connection_that_is_opened_again_with_the_last_cursor_misses_none()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var aaron = await server.AgentAsync("aaron");
        using var sender = await server.ConnectAsync(tesla);
        var (cursor, seen) = ("", new List<string>());
        for (var round = 0; round < 3; round++)
        {
            await SendAsync(sender, $"while away {round}");
            // ws: {url, protocols}
            using var monitor = new ClientWebSocket();
            monitor.Options.AddSubProtocol("parley.v1");
            monitor.Options.AddSubProtocol($"token.{aaron.Secret}");
            await monitor.ConnectAsync(new Uri($"ws://{server.Address.Authority}/ws/agent/messages/default{cursor}"), TestContext.Current.CancellationToken);
            monitor.SubProtocol.ShouldBe("parley.v1");
            (await EventAsync(monitor)).GetProperty("type").GetString().ShouldBe("hello");
            await SendAsync(sender, $"while open {round}");
            for (var i = 0; i < 2; i++)
            {
                var message = await EventAsync(monitor);
                seen.Add(message.GetProperty("content").GetString()!);
                cursor = $"?cursor={message.GetProperty("cursor").GetString()}";
            }

            // Its time is over: it does not say goodbye.
            monitor.Abort();
        }

        seen.ShouldBe(["while away 0", "while open 0", "while away 1", "while open 1", "while away 2", "while open 2"]);
    }

    private static async Task SendAsync(TestSocket sender, string text)
    {
        await sender.SendAsync(new { content = text });
        await sender.NextAsync("ack");
    }

    private static async Task<JsonElement> EventAsync(ClientWebSocket monitor)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TestSocket.Patience);
        var buffer = new byte[64 * 1024];
        var frame = await monitor.ReceiveAsync(buffer.AsMemory(), late.Token);
        (frame.MessageType, frame.EndOfMessage).ShouldBe((WebSocketMessageType.Text, true));
        return JsonElement.Parse(buffer.AsSpan(0, frame.Count));
    }
}
