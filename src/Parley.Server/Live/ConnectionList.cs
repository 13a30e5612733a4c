using System.Collections.Concurrent;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>Every connection that stays open, counted by token.</summary>
internal sealed class ConnectionList
{
    private readonly ConcurrentDictionary<ILiveConnection, byte> all = new();
    private readonly ConcurrentDictionary<Guid, int> byToken = new();

    public IEnumerable<ILiveConnection> All => all.Keys;

    public int Count => all.Count;

    /// <summary>Adds a connection; false where the token has too many.</summary>
    public bool TryAdd(ILiveConnection connection)
    {
        if (byToken.AddOrUpdate(connection.Caller.TokenId, 1, static (_, count) => count + 1) > Limits.ConnectionsPerToken)
        {
            Uncount(connection);
            return false;
        }

        all[connection] = 0;
        return true;
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
