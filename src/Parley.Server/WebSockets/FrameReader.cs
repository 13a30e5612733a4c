using System.Buffers;
using System.Net.WebSockets;
using Parley.Core;

namespace Parley.Server.WebSockets;

/// <summary>Reads whole frames; a connection that is silent holds no buffer, and a large one is held only while a large frame is on its way.</summary>
internal sealed class FrameReader(WebSocket socket) : IDisposable
{
    private const int Small = 2048;
    private byte[]? rented;

    /// <summary>The next frame, valid until the next call; null at the end. Throws <c>too_large</c>.</summary>
    public async ValueTask<Received?> NextAsync(CancellationToken cancellationToken)
    {
        Release();

        // Waits for a frame to begin without a buffer to put it into.
        var first = await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
        if (first.MessageType == WebSocketMessageType.Close)
        {
            return null;
        }

        if (first.EndOfMessage)
        {
            return new Received(first.MessageType == WebSocketMessageType.Text, ReadOnlyMemory<byte>.Empty);
        }

        var buffer = rented = ArrayPool<byte>.Shared.Rent(Small);
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
        rented = next;
        return next;
    }

    private void Release()
    {
        if (rented is { } buffer)
        {
            rented = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>A frame that was read.</summary>
internal readonly record struct Received(bool IsText, ReadOnlyMemory<byte> Bytes);
