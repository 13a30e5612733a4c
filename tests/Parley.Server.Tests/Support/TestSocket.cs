using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Parley.Server.Tests.Support;

/// <summary>A plain WebSocket client that reads frames as JSON, each within a time.</summary>
public sealed class TestSocket(ClientWebSocket socket) : IDisposable
{
    public static readonly TimeSpan Patience = Waiting.Patience;
    private readonly byte[] buffer = new byte[1024 * 1024];

    public ClientWebSocket Socket => socket;

    public string? Protocol => socket.SubProtocol;

    public static async Task<TestSocket> OpenAsync(Uri address, string? secret, params string[] protocols)
    {
        var socket = new ClientWebSocket();
        if (secret is not null)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + secret);
        }

        socket.Options.CollectHttpResponseDetails = true;
        foreach (var protocol in protocols)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        return new TestSocket(socket);
    }

    public Task SendAsync(object frame) => SendTextAsync(JsonSerializer.Serialize(frame));

    public Task SendTextAsync(string text) => SendBytesAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendBytesAsync(byte[] bytes, WebSocketMessageType type) => socket.SendAsync(bytes, type, true, TestContext.Current.CancellationToken);

    /// <summary>The next frame; null where the server closed.</summary>
    public async Task<JsonElement?> NextAsync(TimeSpan? limit = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(limit ?? Patience);
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return JsonElement.Parse(buffer.AsSpan(0, length));
            }
        }
    }

    /// <summary>The next frame, which has to be of that type.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        var frame = (await NextAsync()).ShouldNotBeNull($"the server closed: {socket.CloseStatus} {socket.CloseStatusDescription}");
        frame.GetProperty("type").GetString().ShouldBe(type, frame.ToString());
        return frame;
    }

    /// <summary>Reads on until the server closes, and returns the code.</summary>
    public async Task<int> CloseCodeAsync()
    {
        while (await NextAsync() is not null)
        {
            // What was on its way before the end.
        }

        return (int)socket.CloseStatus!.Value;
    }

    public void Dispose() => socket.Dispose();
}
