using System.Buffers;
using System.Net.WebSockets;
using Parley.Core;

namespace Parley.Server.WebSockets;

/// <summary>Reads whole frames; a small buffer of its own, a larger one only while a large frame is on its way.</summary>
internal sealed class FrameReader(WebSocket socket) : IDisposable
{
    private const int Small = 2048;
    private readonly byte[] small = new byte[Small];
    private byte[]? large;

    /// <summary>The next frame, valid until the next call; null at the end. Throws <c>too_large</c>.</summary>
    public async ValueTask<Received?> NextAsync(CancellationToken cancellationToken)
    {
        Release();
        var buffer = small;
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (length > Limits.FrameBytes)
            {
                throw new ParleyError(ErrorCode.TooLarge, "The frame is over 256 KiB.", "Send less in one message.");
            }

            if (part.EndOfMessage)
            {
                return new Received(part.MessageType == WebSocketMessageType.Text, buffer.AsMemory(0, length));
            }

            if (length == buffer.Length)
            {
                buffer = Grow(buffer, length);
            }
        }
    }

    public void Dispose() => Release();

    private byte[] Grow(byte[] buffer, int length)
    {
        // One byte more than allowed, so that the frame that is too long shows itself.
        var next = ArrayPool<byte>.Shared.Rent(Math.Min(length * 4, Limits.FrameBytes + 1));
        buffer.AsSpan(0, length).CopyTo(next);
        Release();
        large = next;
        return next;
    }

    private void Release()
    {
        if (large is { } rented)
        {
            large = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

/// <summary>A frame that was read.</summary>
internal readonly record struct Received(bool IsText, ReadOnlyMemory<byte> Bytes);
