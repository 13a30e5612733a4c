using System.Net;
using System.Net.Sockets;
using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

/// <summary>Finds out that an address cannot be listened at before anything is opened, so that the answer is one sentence.</summary>
internal static class PortProbe
{
    public static void Check(IEnumerable<string> listen)
    {
        foreach (var text in listen)
        {
            var address = text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase);
            if (IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port != 0)
            {
                Check(endpoint, text);
            }
        }
    }

    private static void Check(IPEndPoint endpoint, string text)
    {
        using var listener = new TcpListener(endpoint);
        try
        {
            listener.Start();
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw Refusal.Conflict($"Another program uses {text}.", "Stop it, or take another port: --listen 127.0.0.1:PORT.");
        }
        catch (SocketException fault)
        {
            throw Refusal.Wrong($"Cannot listen at {text}: {fault.Message}.", "Take an address of this machine and a port that you may use: --listen 127.0.0.1:7275.", "listen");
        }
    }
}
