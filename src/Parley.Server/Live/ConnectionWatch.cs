using Parley.Core;
using Parley.Server.Security;

namespace Parley.Server.Live;

/// <summary>Ends connections whose token was revoked or has expired, and those that do not read.</summary>
internal sealed class ConnectionWatch(ConnectionList connections, TokenCache tokens, IDatabase database, TimeProvider time)
{
    /// <summary>Longer than any node's clock is likely to be off, since a revocation carries the time of the node that wrote it.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromMinutes(5);

    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (connections.Count == 0)
        {
            return false;
        }

        foreach (var connection in connections.All)
        {
            if (connection.IsTooSlow)
            {
                End(connection, ErrorCode.ConsumerTooSlow, $"consumer_too_slow cursor={connection.LastCursor}");
            }
        }

        var now = time.GetUtcNow();
        var revoked = (await database.ReadUrgentlyAsync(unit => unit.Tokens.RevokedSinceAsync(now - LookBack), cancellationToken)).ToHashSet();
        foreach (var connection in connections.All)
        {
            if (revoked.Contains(connection.Caller.TokenId) || connection.ExpiresAt <= now)
            {
                tokens.Forget(connection.Caller.TokenId);
                End(connection, ErrorCode.Unauthenticated, "the token was revoked or has expired");
            }
        }

        return false;
    }

    /// <summary>Tells every client that its cursor does not count any more.</summary>
    public void EndEpoch()
    {
        tokens.Clear();
        foreach (var connection in connections.All)
        {
            End(connection, ErrorCode.EpochChanged, "the store was restored");
        }
    }

    /// <summary>Tells every client that the server stops.</summary>
    public Task CloseAllAsync() =>
        Task.WhenAll(connections.All.Select(connection => connection.CloseAsync(ErrorCode.ShuttingDown, "the server is stopping")));

    /// <summary>A connection that is slow to end must not keep the others waiting.</summary>
    private static void End(ILiveConnection connection, ErrorCode code, string reason) => _ = connection.CloseAsync(code, reason);
}
