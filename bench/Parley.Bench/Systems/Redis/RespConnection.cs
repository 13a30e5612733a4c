using System.Net;
using System.Net.Sockets;

namespace Parley.Bench.Systems.Redis;

/// <summary>A connection to Redis with a buffer of what has arrived and was not consumed.</summary>
sealed class RespConnection : IDisposable
{
    readonly Socket socket;
    byte[] input = new byte[8192];
    int start;
    int end;

    RespConnection(Socket socket) => this.socket = socket;

    public ReadOnlySpan<byte> Arrived => input.AsSpan(start, end - start);

    public static async Task<RespConnection> OpenAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        return new RespConnection(socket);
    }

    /// <summary>Commands are small and the server reads all the time, so the call does not block.</summary>
    public void Send(RespWriter commands)
    {
        for (var rest = commands.Written; !rest.IsEmpty;)
            rest = rest[socket.Send(rest)..];
        commands.Clear();
    }

    public void Consume(int count) => start += count;

    public async ValueTask ReadMoreAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            Arrived.CopyTo(input);
            (start, end) = (0, end - start);
        }

        if (end == input.Length)
            System.Array.Resize(ref input, input.Length * 2);
        var count = await socket.ReceiveAsync(input.AsMemory(end), cancellation);
        if (count == 0)
            throw new BenchException("Redis closed a connection.");
        end += count;
    }

    /// <summary>Waits until a whole reply has arrived and returns its length; it still has to be consumed.</summary>
    public async ValueTask<int> WaitForReplyAsync(CancellationToken cancellation)
    {
        int length;
        while ((length = ReplyLength()) == 0)
            await ReadMoreAsync(cancellation);
        return length;
    }

    /// <summary>The length of the reply that has arrived first, or 0 when none is complete.</summary>
    public int ReplyLength()
    {
        var reader = new RespReader(Arrived);
        return reader.TrySkip() ? reader.Position : 0;
    }

    public void Dispose() => socket.Dispose();
}
