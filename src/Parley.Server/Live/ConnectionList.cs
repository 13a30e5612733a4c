using System.Collections.Concurrent;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>Every connection that stays open, counted by token.</summary>
internal sealed class ConnectionList(Stopping stopping)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ILiveConnection, byte> all = new();
    private readonly ConcurrentDictionary<Guid, int> byToken = new();

    public IEnumerable<ILiveConnection> All => all.Keys;

    public int Count => all.Count;

    /// <summary>Adds a connection, or tells why not: the token has too many, or the server has begun to stop and closes no later ones.</summary>
    public ParleyError? Add(ILiveConnection connection)
    {
        if (byToken.AddOrUpdate(connection.Caller.TokenId, 1, static (_, count) => count + 1) > Limits.ConnectionsPerToken)
        {
            Uncount(connection);
            return new ParleyError(ErrorCode.RateLimited, $"A token has at most {Limits.ConnectionsPerToken} connections.", "Close one first.") { RetryAfter = Soon };
        }

        all[connection] = 0;
        if (!stopping.Token.IsCancellationRequested)
        {
            return null;
        }

        Remove(connection);
        return new ParleyError(ErrorCode.ShuttingDown, "The server is stopping.", "Connect again.") { RetryAfter = Soon };
    }

    public void Remove(ILiveConnection connection)
    {
        if (all.TryRemove(connection, out _))
        {
            Uncount(connection);
        }
    }

    private void Uncount(ILiveConnection connection)
    {
        var token = connection.Caller.TokenId;
        if (byToken.AddOrUpdate(token, 0, static (_, count) => count - 1) == 0)
        {
            byToken.TryRemove(KeyValuePair.Create(token, 0));
        }
    }
}
