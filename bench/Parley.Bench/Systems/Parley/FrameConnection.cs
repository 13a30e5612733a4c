using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Parley.Bench.Systems.Parley;

/// <summary>A WebSocket to Parley with a buffer of what has arrived and was not taken.</summary>
sealed class FrameConnection : IDisposable
{
    const byte FinalText = 0x81;
    const byte Close = 0x88;
    const byte Ping = 0x89;

    readonly Socket socket;
    readonly FrameWriter control = new();
    byte[] input = new byte[512];
    int start;
    int end;

    FrameConnection(Socket socket) => this.socket = socket;

    /// <summary>Connects as the agent of the token and waits until the server has greeted.</summary>
    public static async Task<FrameConnection> OpenAsync(int port, string token, CancellationToken cancellation)
    {
        var connection = new FrameConnection(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await connection.socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            connection.Send(Encoding.ASCII.GetBytes(
                $"GET /ws/agent/messages/default HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: parley.v1\r\nSec-WebSocket-Key: cGFybGV5LWJlbmNobWFyaw==\r\n\r\n"));
            await connection.ReadAnswerAsync(cancellation);
            while (!connection.TryTake(out _))
                await connection.ReadMoreAsync(cancellation);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Frames are small and the server reads all the time, so the call does not block.</summary>
    public void Send(FrameWriter frames)
    {
        Send(frames.Written);
        frames.Clear();
    }

    public async ValueTask ReadMoreAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            Arrived.CopyTo(input);
            (start, end) = (0, end - start);
        }

        if (end == input.Length)
            Array.Resize(ref input, input.Length * 2);
        var count = await socket.ReceiveAsync(input.AsMemory(end), cancellation);
        if (count == 0)
            throw new BenchException("Parley closed a connection.");
        end += count;
    }

    /// <summary>Takes the next whole text frame that has arrived; it is valid until more is read. Answers pings on the way.</summary>
    public bool TryTake(out ReadOnlySpan<byte> text)
    {
        while (TryTakeFrame(out var kind, out text))
        {
            if (kind == FinalText)
                return true;
            if (kind == Close)
                throw new BenchException($"Parley closed a connection: {Encoding.UTF8.GetString(text.Length < 2 ? text : text[2..])}");
            if (kind == Ping)
            {
                control.Pong(text);
                Send(control);
            }
        }

        return false;
    }

    public void Dispose() => socket.Dispose();

    Span<byte> Arrived => input.AsSpan(start, end - start);

    void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    async Task ReadAnswerAsync(CancellationToken cancellation)
    {
        int length;
        while ((length = Arrived.IndexOf("\r\n\r\n"u8)) < 0)
            await ReadMoreAsync(cancellation);
        if (!Arrived.StartsWith("HTTP/1.1 101"u8))
            throw new BenchException($"Parley refused a WebSocket: {Encoding.UTF8.GetString(Arrived)}");
        start += length + 4;
    }

    bool TryTakeFrame(out byte kind, out ReadOnlySpan<byte> payload)
    {
        kind = 0;
        payload = default;
        ReadOnlySpan<byte> arrived = Arrived;
        // A frame without any payload is the only one shorter than four bytes.
        if (arrived.Length < 2 || (arrived.Length < 4 && arrived[1] > arrived.Length - 2))
            return false;
        var (header, length) = arrived[1] switch
        {
            126 => (4, BinaryPrimitives.ReadUInt16BigEndian(arrived[2..])),
            127 => throw new BenchException("Parley sent a frame that this program did not cause."),
            var small => (2, (int)small),
        };
        if (arrived.Length < header + length)
            return false;
        kind = arrived[0];
        payload = arrived.Slice(header, length);
        start += header + length;
        return true;
    }
}
