namespace Parley.Core.Messages;

/// <summary>A range of an inbox that was handed to a live connection.</summary>
public readonly record struct OfferedRange(Guid AgentId, long Above, long UpTo);

/// <summary>Notes what was handed to live connections, many at once, so that the sender can be told.</summary>
public sealed class OfferDeliveries(IDatabase database, TimeProvider time)
{
    /// <summary>Notes the ranges; what was acknowledged meanwhile stays acknowledged.</summary>
    public Task<int> RunAsync(IReadOnlyCollection<OfferedRange> ranges, CancellationToken cancellationToken) => database.WriteAsync(
        unit =>
        {
            var now = time.GetUtcNow();
            foreach (var range in ranges)
            {
                unit.Deliveries.Offer(range.AgentId, range.Above, range.UpTo, now);
            }

            return new ValueTask<int>(ranges.Count);
        },
        cancellationToken);
}
