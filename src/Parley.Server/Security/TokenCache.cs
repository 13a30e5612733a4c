using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Server.Turns;

namespace Parley.Server.Security;

/// <summary>
/// Remembers for a second whom a token speaks for, under the token's hash, so that a busy caller costs no read and a revocation still acts within
/// two seconds. The lookup by hash compares in a time that says nothing of the secret.
/// </summary>
internal sealed class TokenCache(Authenticate authenticate, TurnPasses passes, TimeProvider time)
{
    private const int Remembered = 10_000;
    private const int FailuresPerSecond = 500;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Hash, Entry> entries = new();
    private readonly RateWindow<string> failures = new(FailuresPerSecond, time);

    /// <summary>The caller behind the secret. Throws <c>unauthenticated</c>, or <c>rate_limited</c> for an address that guesses.</summary>
    public async ValueTask<Caller> FindAsync(string secret, ConnectionInfo connection, CancellationToken cancellationToken)
    {
        if (passes.Find(secret) is { } inTurn)
        {
            return inTurn;
        }

        var hash = new Hash(TokenSecret.Hash(secret));
        var now = time.GetTimestamp();
        if (entries.TryGetValue(hash, out var entry) && time.GetElapsedTime(entry.At, now) < Lifetime)
        {
            return entry.Caller;
        }

        var address = connection.RemoteIpAddress?.ToString() ?? "";
        if (failures.IsOver(address))
        {
            failures.Count(address, "This address");
        }

        try
        {
            var caller = await authenticate.RunAsync(secret, cancellationToken);
            Remember(hash, new Entry(caller, now));
            return caller;
        }
        catch (ParleyError error) when (error.Code == ErrorCode.Unauthenticated)
        {
            entries.TryRemove(hash, out _);
            failures.Count(address, "This address");
            throw;
        }
    }

    /// <summary>Forgets a token that was revoked.</summary>
    public void Forget(Guid tokenId)
    {
        foreach (var (hash, entry) in entries)
        {
            if (entry.Caller.TokenId == tokenId)
            {
                entries.TryRemove(hash, out _);
            }
        }
    }

    /// <summary>Forgets every token: the store was replaced.</summary>
    public void Clear() => entries.Clear();

    private void Remember(Hash hash, Entry entry)
    {
        if (entries.Count >= Remembered)
        {
            entries.Clear();
        }

        entries[hash] = entry;
    }

    private sealed record Entry(Caller Caller, long At);

    private readonly record struct Hash(long A, long B, long C, long D)
    {
        public Hash(byte[] sha256)
            : this(BitConverter.ToInt64(sha256, 0), BitConverter.ToInt64(sha256, 8), BitConverter.ToInt64(sha256, 16), BitConverter.ToInt64(sha256, 24))
        {
        }
    }
}
