using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Parley.Client.Http;

namespace Parley.Client.Sockets;

/// <summary>Opens a WebSocket and waits for the server's first frame.</summary>
internal sealed class SocketDialer(ParleyClientOptions client, SocketOptions options)
{
    private const string Protocol = "parley.v1";

    public async Task<(ClientWebSocket Socket, HelloFrame Hello)> DialAsync(string? cursor, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(Protocol);
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
            socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(15);
            socket.Options.CollectHttpResponseDetails = true;
            if (client.Token is { } token)
            {
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            }

            using var limit = new CancellationTokenSource(client.Timeout, client.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await socket.ConnectAsync(Address(cursor), either.Token).ConfigureAwait(false);
            var frame = await new FrameReceiver().NextAsync(socket, either.Token).ConfigureAwait(false);
            if (frame.IsEmpty)
            {
                throw CloseReason.ToException(socket);
            }

            if (FrameHead.Read(frame.Span).Kind == FrameKind.Error)
            {
                throw JsonSerializer.Deserialize(frame.Span, FrameJson.Default.ErrorFrame)!.ToException();
            }

            var hello = JsonSerializer.Deserialize(frame.Span, FrameJson.Default.HelloFrame);
            return (socket, hello ?? throw ParleyException.LostAnswer(null));
        }
        catch (Exception fault)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw fault switch
            {
                ParleyException => fault,
                WebSocketException when status is 0 or HttpStatusCode.SwitchingProtocols => ParleyException.NoServer(client.Server, fault),
                WebSocketException => ParleyException.FromStatus((int)status, fault),
                OperationCanceledException when !cancellation.IsCancellationRequested => ParleyException.NoServer(client.Server, fault),
                JsonException => ParleyException.LostAnswer(fault),
                _ => fault,
            };
        }
    }

    private Uri Address(string? cursor)
    {
        var path = options.Project is { } project ? $"/ws/agent/messages/{Query.Segment(project)}" : "/ws";
        var address = new Uri(client.Server, new Query(path).With("cursor", cursor).ToString());
        return new UriBuilder(address) { Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri;
    }
}
