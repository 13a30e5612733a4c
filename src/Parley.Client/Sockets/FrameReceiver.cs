using System.Net.WebSockets;

namespace Parley.Client.Sockets;

/// <summary>Reads whole frames into one buffer that grows with the largest.</summary>
internal sealed class FrameReceiver
{
    private byte[] buffer = new byte[16 * 1024];

    /// <summary>The next frame, valid until the following call; empty when the server closed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(WebSocket socket, CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return default;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return buffer.AsMemory(0, length);
            }
        }
    }
}
