using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>A WebSocket client that connects and does not read before it is told to, with next to no room for what is on its way.</summary>
internal sealed class SlowConsumer : IDisposable
{
    private const int Room = 4096;
    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[1024 * 1024];
    private HttpMessageInvoker? network;

    public static async Task<SlowConsumer> ConnectAsync(Uri server, string token)
    {
        var consumer = new SlowConsumer
        {
            network = new HttpMessageInvoker(new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellation) =>
                {
                    var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = Room, NoDelay = true };
                    await connection.ConnectAsync(context.DnsEndPoint, cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                },
            }),
        };
        consumer.socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        await consumer.socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/ws" }.Uri, consumer.network, TestContext.Current.CancellationToken);
        return consumer;
    }

    /// <summary>Reads what had been on its way until the server closes: the inbox numbers, the close code and its reason.</summary>
    public async Task<(List<long> Numbers, int Code, string Reason)> ReadToTheEndAsync()
    {
        var numbers = new List<long>();
        for (var length = 0; ;)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return (numbers, (int)socket.CloseStatus!.Value, socket.CloseStatusDescription ?? "");
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                numbers.Add(JsonElement.Parse(buffer.AsSpan(0, length)).GetProperty("inbox_number").GetInt64());
                length = 0;
            }
        }
    }

    /// <summary>Reads like a client that is awake, until it is told to stop: how many frames came.</summary>
    public async Task<int> ReadUntilAsync(CancellationToken stop)
    {
        var frames = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), stop) is { MessageType: not WebSocketMessageType.Close } part)
            {
                frames += part.EndOfMessage ? 1 : 0;
            }
        }
        catch (OperationCanceledException)
        {
        }

        return frames;
    }

    public void Dispose()
    {
        socket.Dispose();
        network?.Dispose();
    }
}
