using System.Collections.Concurrent;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>Every connection that stays open, counted by token.</summary>
internal sealed class ConnectionList(Stopping stopping)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ILiveConnection, ConnectionPlace> all = new();
    private readonly ConcurrentDictionary<Guid, int> byToken = new();

    public IEnumerable<ILiveConnection> All => all.Keys;

    public int Count => all.Count;

    /// <summary>Counts a connection before its client hears that it was accepted, so that the one too many is the one that was opened last.</summary>
    public ConnectionPlace Reserve(Guid token) => new(byToken, token);

    /// <summary>Adds a connection, or tells why not: the token has too many, or the server has begun to stop and closes no later ones.</summary>
    public ParleyError? Add(ILiveConnection connection) => Add(connection, Reserve(connection.Caller.TokenId));

    /// <summary>Adds a connection at the place that was reserved for it, or gives the place back and tells why.</summary>
    public ParleyError? Add(ILiveConnection connection, ConnectionPlace place)
    {
        if (!place.IsWithinLimit)
        {
            place.Dispose();
            return new ParleyError(ErrorCode.RateLimited, $"A token has at most {Limits.ConnectionsPerToken} connections.", "Close one first.") { RetryAfter = Soon };
        }

        all[connection] = place;
        if (!stopping.Token.IsCancellationRequested)
        {
            return null;
        }

        Remove(connection);
        return new ParleyError(ErrorCode.ShuttingDown, "The server is stopping.", "Connect again.") { RetryAfter = Soon };
    }

    public void Remove(ILiveConnection connection)
    {
        if (all.TryRemove(connection, out var place))
        {
            place.Dispose();
        }
    }
}
