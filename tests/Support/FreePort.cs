using System.Net;
using System.Net.Sockets;

namespace Parley.Tests.Support;

/// <summary>A port of this machine for a server that keeps it over its lives.</summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 19_999;

    /// <summary>A port that nobody has, below those that the kernel hands out to connections while the server is away (and below those of tests/scripts/postgres).</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}
