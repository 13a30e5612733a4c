using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Core.Turns;
using Parley.Server.Live;
using Parley.Server.Security;

namespace Parley.Server.Turns;

/// <summary>
/// Tokens of programs that run for turns of this node. They are in memory alone: with the step, the turn's owner or the process they are gone. What comes with one belongs to
/// the turn's chain.
/// </summary>
internal sealed class TurnPasses(IServer server, ConnectionList connections, ServerOptions options) : ITurnDoor
{
    /// <summary>What such a token begins with.</summary>
    public const string Prefix = "pt_";

    private readonly ConcurrentDictionary<string, Caller> open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public TurnPass? Open(Caller caller)
    {
        if (Address() is not { } address)
        {
            return null;
        }

        var secret = TokenSecret.Create(Prefix);
        var (hash, bound) = (Key(secret), caller with { TokenId = Guid.NewGuid() });
        open[hash] = bound;
        return new TurnPass(address, secret, () => Close(hash, bound.TokenId));
    }

    /// <summary>The agent in its turn behind a token of one; null for every other token, an ended one among them.</summary>
    public Caller? Find(string secret) => secret.StartsWith(Prefix, StringComparison.Ordinal) ? open.GetValueOrDefault(Key(secret)) : null;

    private void Close(string hash, Guid token)
    {
        open.TryRemove(hash, out _);
        foreach (var connection in connections.All)
        {
            if (connection.Caller.TokenId == token)
            {
                _ = connection.CloseAsync(ErrorCode.Unauthenticated, "the turn has ended");
            }
        }
    }

    /// <summary>The lookup by hash compares in a time that says nothing of the secret.</summary>
    private static string Key(string secret) => Convert.ToHexString(TokenSecret.Hash(secret));

    /// <summary>Where a program on this machine reaches the server.</summary>
    private Uri? Address()
    {
        foreach (var text in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            var scheme = text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "https" : "http";
            var listen = ListenAddress.Parse(text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..].TrimEnd('/'));
            var everywhere = listen.Address is { } address && (address.Equals(System.Net.IPAddress.Any) || address.Equals(System.Net.IPAddress.IPv6Any));
            // A certificate is made out to a name.
            var host = scheme == "https" && options.AllowedHosts.Count > 0 ? new Microsoft.AspNetCore.Http.HostString(options.AllowedHosts[0]).Host : everywhere ? "127.0.0.1" : listen.Host;
            return new UriBuilder(scheme, host, listen.Port).Uri;
        }

        return null;
    }
}
