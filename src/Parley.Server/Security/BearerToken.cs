using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Core.Organizations;

namespace Parley.Server.Security;

/// <summary>Where a request carries its token: the Authorization header; for WebSocket clients that cannot set one, a subprotocol; in the console, a cookie.</summary>
internal static class BearerToken
{
    public const string SubprotocolPrefix = "token.";
    private const string Scheme = "Bearer ";

    public static string Of(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count == 1 && header[0] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Checked(value[Scheme.Length..].Trim());
        }

        if (header.Count == 0 && request.HttpContext.WebSockets.IsWebSocketRequest)
        {
            var offered = request.HttpContext.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(protocol => protocol.StartsWith(SubprotocolPrefix, StringComparison.Ordinal));
            if (offered is not null)
            {
                return Checked(offered[SubprotocolPrefix.Length..]);
            }
        }

        if (header.Count == 0 && ConsoleCookie.Of(request) is { } session)
        {
            return session;
        }

        throw new ParleyError(ErrorCode.Unauthenticated, "There is no token.", "Send 'Authorization: Bearer <token>'; 'parley token add' issues one.");
    }

    private static string Checked(string secret) => secret.Length is > 0 and <= 200 && !secret.StartsWith(SignInRules.SessionPrefix, StringComparison.Ordinal)
        ? secret
        : throw new ParleyError(ErrorCode.Unauthenticated, "The token is unknown, expired or revoked.", "Ask a person for a new one: parley token add");
}
