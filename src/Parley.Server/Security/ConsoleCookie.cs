using System.Globalization;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Core.Organizations;

namespace Parley.Server.Security;

/// <summary>
/// The cookie of a browser that is signed in to the console. It counts for what this server's own pages ask: a browser sends it to every port of a host,
/// and with what a page of another port asks, so the request's origin is looked at as well.
/// </summary>
internal static class ConsoleCookie
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>The session's secret, or null where there is no cookie. Throws <c>origin_refused</c> for what another page asks.</summary>
    public static string? Of(HttpRequest request)
    {
        var secret = request.Cookies[Name(request)];
        if (string.IsNullOrEmpty(secret))
        {
            return null;
        }

        CheckOrigin(request);
        return secret.Length <= 200 && secret.StartsWith(SignInRules.SessionPrefix, StringComparison.Ordinal)
            ? secret
            : throw new ParleyError(ErrorCode.Unauthenticated, "You are not signed in.", "Get a link on the server's machine: parley console");
    }

    /// <summary>Signs the browser in.</summary>
    public static void Set(HttpResponse response, string secret, DateTimeOffset? expiresAt) =>
        response.Cookies.Append(Name(response.HttpContext.Request), secret, Options(response.HttpContext.Request, expiresAt));

    /// <summary>Signs the browser out.</summary>
    public static void Clear(HttpResponse response) =>
        response.Cookies.Delete(Name(response.HttpContext.Request), Options(response.HttpContext.Request, expiresAt: null));

    /// <summary>Refuses what does not come from a page of this server.</summary>
    public static void CheckOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        var own = origin.Count == 0 ? !changes && !request.HttpContext.WebSockets.IsWebSocketRequest : HostGuard.IsOwn(request, origin.ToString());
        if (!own || request.Headers[FetchSite] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none"))
        {
            throw new ParleyError(ErrorCode.OriginRefused, "A browser that is signed in may be used by this server's own pages only.", "Programs send 'Authorization: Bearer <token>'.");
        }
    }

    /// <summary>Browsers share cookies between the ports of a host: each server has a name of its own there.</summary>
    private static string Name(HttpRequest request)
    {
        var port = request.Host.Port is { } number ? "-" + number.ToString(CultureInfo.InvariantCulture) : "";
        return request.IsHttps ? $"__Host-parley{port}" : $"parley{port}";
    }

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/", Expires = expiresAt, IsEssential = true,
    };
}
