namespace Parley.Core.Messages;

/// <summary>Ends deliveries whose time to live has passed before they were acknowledged.</summary>
public sealed class ExpireDeliveries(IDatabase database, TimeProvider time)
{
    private const int AtOnce = 200;

    /// <summary>Ends what is due; true where more is due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Deliveries.ExpiringAsync(time.GetUtcNow(), AtOnce), cancellationToken);
        var count = 0;
        foreach (var delivery in due)
        {
            count += await database.WriteAsync(unit => ExpireAsync(unit, delivery, time.GetUtcNow()), cancellationToken);
        }

        Telemetry.Delivered(DeliveryState.Expired, count);
        return count > 0 && due.Count == AtOnce;
    }

    private static async ValueTask<int> ExpireAsync(IUnitOfWork unit, Delivery seen, DateTimeOffset now)
    {
        if (seen is { State: DeliveryState.Deferred, LinkId: { } linkId })
        {
            await unit.Links.StateAsync(linkId);
        }

        await unit.Deliveries.LockAsync(seen.MessageId);
        // It may have been acknowledged, approved or released since it was listed; then the next round looks again.
        if (await unit.Deliveries.FindAsync(seen.MessageId, seen.AgentId) is not { } delivery || delivery.State != seen.State || !DeliveryRules.MayFollow(delivery.State, DeliveryState.Expired)
            || !(delivery.ExpiresAt <= now))
        {
            return 0;
        }

        unit.Deliveries.End(delivery.MessageId, delivery.AgentId, DeliveryState.Expired, "time to live ended", now);
        unit.Obligations.End(delivery.MessageId, delivery.AgentId);
        await LeaveQueueAsync(unit, delivery);
        return 1;
    }

    /// <summary>A message that still waited is never shown to its recipient, and its place in the link's queue is free again.</summary>
    private static async ValueTask LeaveQueueAsync(IUnitOfWork unit, Delivery delivery)
    {
        if (delivery.State is not (DeliveryState.Held or DeliveryState.Deferred))
        {
            return;
        }

        await unit.Messages.ReleaseAsync(delivery.MessageId, Withheld.Expired, editedContent: null);
        if (delivery is { State: DeliveryState.Deferred, LinkId: { } linkId } && await unit.Links.StateAsync(linkId) is { } state)
        {
            unit.Links.SaveState(state with { Waiting = Math.Max(0, state.Waiting - 1) });
        }
    }
}
