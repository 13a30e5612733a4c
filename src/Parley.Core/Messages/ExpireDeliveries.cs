namespace Parley.Core.Messages;

/// <summary>Ends deliveries whose time to live has passed before they were acknowledged.</summary>
public sealed class ExpireDeliveries(IDatabase database, TimeProvider time)
{
    private const int AtOnce = 200;

    /// <summary>Ends what is due; true where more is due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Deliveries.ExpiringAsync(time.GetUtcNow(), AtOnce), cancellationToken);
        if (due.Count == 0)
        {
            return false;
        }

        var count = await database.WriteAsync(unit => ExpireAsync(unit, due, time.GetUtcNow()), cancellationToken);
        Telemetry.Delivered(DeliveryState.Expired, count);
        return due.Count == AtOnce;
    }

    private static async ValueTask<int> ExpireAsync(IUnitOfWork unit, List<Delivery> due, DateTimeOffset now)
    {
        var count = 0;
        foreach (var seen in due)
        {
            // It may have been acknowledged or released since it was listed.
            if (await unit.Deliveries.FindAsync(seen.MessageId, seen.AgentId) is { } delivery && DeliveryRules.MayFollow(delivery.State, DeliveryState.Expired) && delivery.ExpiresAt <= now)
            {
                unit.Deliveries.End(delivery.MessageId, delivery.AgentId, DeliveryState.Expired, "time to live ended", now);
                unit.Obligations.End(delivery.MessageId, delivery.AgentId);
                await LeaveQueueAsync(unit, delivery);
                count++;
            }
        }

        return count;
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
