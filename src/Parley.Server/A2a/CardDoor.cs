using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Parley.Core;
using Parley.Server.A2a.Wire;
using Parley.Server.Security;

namespace Parley.Server.A2a;

/// <summary>Hands cards out. They are public and may be kept for a while; whoever kept one asks whether it is still the same.</summary>
internal sealed class CardDoor(CardBook book, TokenCache tokens, RequestRate rate, TimeProvider time)
{
    private const string Kept = "public, max-age=300";
    private const string KeptByOne = "private, max-age=60";
    private const int Remembered = 10_000;

    /// <summary>When this node first saw a card as it is now: nothing else says when one changed.</summary>
    private readonly ConcurrentDictionary<string, (string Tag, DateTimeOffset At)> seen = new(StringComparer.Ordinal);

    public async Task GetAsync(HttpContext context, string? agent)
    {
        var caller = await CallerAsync(context);
        var card = await book.PublicAsync(context.Request, caller, agent, context.RequestAborted);
        var body = JsonSerializer.SerializeToUtf8Bytes(card, A2aJson.Of<AgentCard>());
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        var changed = ChangedAt(card.Url!, tag);
        var response = context.Response;
        response.Headers.CacheControl = caller is null ? Kept : KeptByOne;
        response.Headers.Vary = "Authorization";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        var headers = response.GetTypedHeaders();
        headers.ETag = new EntityTagHeaderValue(tag);
        headers.LastModified = changed;
        if (IsSame(context.Request.GetTypedHeaders(), tag, changed))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>A token is not needed, but where there is a valid one it counts: its organization's agents are shown.</summary>
    private async ValueTask<Caller?> CallerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
        {
            return null;
        }

        try
        {
            var caller = await tokens.FindAsync(BearerToken.Of(context.Request), context.Connection, context.RequestAborted);
            rate.Count(caller.TokenId, "This token");
            return caller;
        }
        catch (ParleyError error) when (error.Code == ErrorCode.Unauthenticated)
        {
            return null;
        }
    }

    private DateTimeOffset ChangedAt(string url, string tag)
    {
        if (seen.TryGetValue(url, out var known) && known.Tag == tag)
        {
            return known.At;
        }

        if (seen.Count >= Remembered)
        {
            seen.Clear();
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        seen[url] = (tag, now);
        return now;
    }

    private static bool IsSame(Microsoft.AspNetCore.Http.Headers.RequestHeaders asked, string tag, DateTimeOffset changed) => asked.IfNoneMatch.Count > 0
        ? asked.IfNoneMatch.Any(one => one.Tag == "*" || one.Tag == tag)
        : asked.IfModifiedSince is { } since && changed <= since;
}
