using System.Net;
using Microsoft.AspNetCore.Http;
using Parley.Core;

namespace Parley.Server.Security;

/// <summary>
/// Refuses requests for foreign host names (DNS rebinding) and from foreign sites, before routing, whatever the door.
/// </summary>
internal sealed class HostGuard
{
    private readonly HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly HashSet<string> origins;

    public HostGuard(ServerOptions options)
    {
        origins = new HashSet<string>(options.AllowedOrigins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
        foreach (var address in options.Listen.Select(ListenAddress.Parse))
        {
            hosts.Add(address.Host.Contains(':', StringComparison.Ordinal) ? $"[{address.Host}]" : address.Host);
        }

        hosts.UnionWith(options.AllowedHosts.Select(host => new HostString(host).Host));
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Check(context.Request, context.Connection.LocalIpAddress);
        return next(context);
    }

    private void Check(HttpRequest request, IPAddress? local)
    {
        var host = request.Host;
        if (!host.HasValue || !(hosts.Contains(host.Host) || IsLocalAddress(host.Host, local)))
        {
            throw new ParleyError(
                ErrorCode.HostRefused, "This server does not serve that host name.", "Call it by an address it listens at, or start it with --host NAME.");
        }

        if (request.Headers.Origin is { Count: > 0 } origin && !IsOwn(request, origin.ToString()) && !origins.Contains(origin.ToString()))
        {
            throw new ParleyError(ErrorCode.OriginRefused, "That site may not call this server.", "Start the server with --origin and the site's exact origin.");
        }
    }

    /// <summary>Whether the request comes from a page of this server.</summary>
    public static bool IsOwn(HttpRequest request, string origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

    /// <summary>An address cannot be rebound, so the one that the connection came in at is as good as its name.</summary>
    private static bool IsLocalAddress(string host, IPAddress? local) =>
        local is not null && IPAddress.TryParse(host.Trim('[', ']'), out var address)
        && (address.Equals(local) || (local.IsIPv4MappedToIPv6 && address.Equals(local.MapToIPv4())));
}
