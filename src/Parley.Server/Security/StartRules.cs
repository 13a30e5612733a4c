using Parley.Core;

namespace Parley.Server.Security;

/// <summary>What makes the server refuse to start.</summary>
internal static class StartRules
{
    private const int MostTurns = 10_000;

    /// <summary>Off loopback, tokens and messages must not travel in the clear unless somebody said so by name.</summary>
    public static IReadOnlyList<ListenAddress> Check(ServerOptions options)
    {
        var addresses = options.Listen.Select(ListenAddress.Parse).ToList();
        if (addresses.Count == 0)
        {
            throw ParleyError.Invalid("listen", "There is no address to listen at.", "Give one: --listen 127.0.0.1:7275");
        }

        if (options.KeyPath is not null && options.CertificatePath is null)
        {
            throw ParleyError.Invalid("key", "There is a key but no certificate.", "Give both: --cert server.pem --key server.key");
        }

        if (options.TurnsAtOnce is < 1 or > MostTurns)
        {
            throw ParleyError.Invalid("turns", $"A server cannot run {options.TurnsAtOnce} turns at once.", $"Give a number from 1 to {MostTurns}: --turns {ServerOptions.UsualTurns}");
        }

        var open = addresses.FirstOrDefault(address => !address.IsLoopback);
        if (open is not null && options is { CertificatePath: null, BehindProxy: false, Insecure: false })
        {
            throw new ParleyError(
                ErrorCode.InvalidRequest, $"{open.Host} can be reached from other machines, and the connection would not be encrypted.",
                "Give a certificate (--cert, --key), or say that a proxy encrypts (--behind-proxy), or accept the risk (--insecure).") { Field = "listen" };
        }

        return addresses;
    }
}
