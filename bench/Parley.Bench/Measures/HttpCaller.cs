using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Parley.Bench.Measures;

/// <summary>One HTTP/1.1 connection that is kept, one call at a time: so little code that the server is what is measured.</summary>
sealed class HttpCaller : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    byte[] input = new byte[64 * 1024];

    public static async Task<HttpCaller> OpenAsync(int port, CancellationToken cancellation)
    {
        var caller = new HttpCaller();
        await caller.socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        return caller;
    }

    public static byte[] Get(string path, string token) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");

    public static byte[] Post(string path, string token, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>Completes when the whole answer is there, and returns it. Throws unless it is a 200.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> CallAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        socket.Send(request.Span);
        var length = 0;
        while (!IsWhole(input.AsSpan(0, length)))
        {
            if (length == input.Length)
                Array.Resize(ref input, input.Length * 2);
            var count = await socket.ReceiveAsync(input.AsMemory(length), cancellation);
            if (count == 0)
                throw new BenchException("Parley closed an HTTP connection.");
            length += count;
        }

        var answer = input.AsMemory(0, length);
        return answer.Span.StartsWith("HTTP/1.1 200"u8) ? answer : throw new BenchException($"Parley refused a call: {Encoding.UTF8.GetString(answer.Span)}");
    }

    public void Dispose() => socket.Dispose();

    static bool IsWhole(ReadOnlySpan<byte> arrived)
    {
        var head = arrived.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        const string Length = "\r\nContent-Length: ";
        var headers = Encoding.ASCII.GetString(arrived[..head]);
        var at = headers.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return arrived.EndsWith("0\r\n\r\n"u8);
        var value = headers[(at + Length.Length)..].Split('\r')[0];
        return arrived.Length - head - 4 >= int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
