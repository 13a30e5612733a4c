namespace Parley.Core.Messages;

/// <summary>Which state may follow which. Every change of a delivery asks here.</summary>
public static class DeliveryRules
{
    /// <summary>Whether a delivery may go from one state to the other.</summary>
    public static bool MayFollow(DeliveryState from, DeliveryState to) => (from, to) switch
    {
        (DeliveryState.Held, DeliveryState.Deferred or DeliveryState.Pending or DeliveryState.Refused or DeliveryState.Expired) => true,
        (DeliveryState.Deferred, DeliveryState.Pending or DeliveryState.Refused or DeliveryState.Expired) => true,
        (DeliveryState.Pending, DeliveryState.Offered or DeliveryState.Acknowledged or DeliveryState.Replied or DeliveryState.Expired or DeliveryState.Dead) => true,
        (DeliveryState.Offered, DeliveryState.Offered or DeliveryState.Pending or DeliveryState.Acknowledged or DeliveryState.Replied or DeliveryState.Expired or DeliveryState.Dead) => true,
        (DeliveryState.Acknowledged, DeliveryState.Replied) => true,
        (DeliveryState.Dead, DeliveryState.Pending) => true,
        _ => false,
    };

    /// <summary>Whether nothing more happens to it by itself.</summary>
    public static bool IsFinal(DeliveryState state) =>
        state is DeliveryState.Acknowledged or DeliveryState.Replied or DeliveryState.Expired or DeliveryState.Refused or DeliveryState.Dead;

    /// <summary>The state and the number of attempts once it was handed to a connection again; what is settled stays as it is.</summary>
    public static (DeliveryState State, int Attempts) Handed(DeliveryState state, int attempts) =>
        state is DeliveryState.Pending or DeliveryState.Offered ? (DeliveryState.Offered, attempts + 1) : (state, attempts);
}
