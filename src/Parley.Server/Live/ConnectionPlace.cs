using System.Collections.Concurrent;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>A connection's place among those of its token; counted until it is disposed.</summary>
internal sealed class ConnectionPlace : IDisposable
{
    private readonly ConcurrentDictionary<Guid, int> counts;
    private readonly Guid token;
    private int left;

    public ConnectionPlace(ConcurrentDictionary<Guid, int> counts, Guid token)
    {
        (this.counts, this.token) = (counts, token);
        IsWithinLimit = counts.AddOrUpdate(token, 1, static (_, count) => count + 1) <= Limits.ConnectionsPerToken;
    }

    /// <summary>False where the token had all its connections already.</summary>
    public bool IsWithinLimit { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref left, 1) == 0 && counts.AddOrUpdate(token, 0, static (_, count) => count - 1) == 0)
        {
            counts.TryRemove(KeyValuePair.Create(token, 0));
        }
    }
}
