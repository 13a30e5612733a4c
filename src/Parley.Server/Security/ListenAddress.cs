using System.Globalization;
using System.Net;
using Parley.Core;

namespace Parley.Server.Security;

/// <summary>One place to listen at.</summary>
public sealed record ListenAddress(string Host, IPAddress? Address, int Port)
{
    public bool IsLoopback => Address is null ? Host == "localhost" : IPAddress.IsLoopback(Address);

    public static ListenAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon].Trim('[', ']') : "";
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            throw Wrong(text);
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return new ListenAddress("localhost", null, port);
        }

        return IPAddress.TryParse(host, out var address) ? new ListenAddress(address.ToString(), address, port) : throw Wrong(text);
    }

    private static ParleyError Wrong(string text) =>
        ParleyError.Invalid("listen", $"'{text}' is not an address to listen at.", "Use an IP address and a port, such as 127.0.0.1:7275, or localhost:7275.");
}
