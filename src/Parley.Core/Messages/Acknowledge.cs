using Parley.Core.Agents;

namespace Parley.Core.Messages;

/// <summary>What an acknowledgement did.</summary>
/// <param name="State">Where the inbox stands now.</param>
/// <param name="Count">How many deliveries it acknowledged.</param>
public sealed record AcknowledgeResult(InboxState State, int Count);

/// <summary>Moves an agent's own cursor. The only way a delivery becomes acknowledged.</summary>
public sealed class Acknowledge(IDatabase database, TimeProvider time)
{
    /// <summary>
    /// Acknowledges everything up to a number. A number at or below the cursor changes nothing, so it may be repeated. Throws <c>cursor_ahead</c>
    /// beyond the head.
    /// </summary>
    public async Task<AcknowledgeResult> RunAsync(Caller caller, long upTo, CancellationToken cancellationToken)
    {
        caller.RequireAgent();
        caller.Require(Organizations.Scopes.Send);
        var written = await database.WriteAsync(unit => ValueTask.FromResult(unit.Deliveries.AcknowledgeAsync(caller.Id, upTo, time.GetUtcNow())), cancellationToken);
        var (before, count) = await written;
        if (upTo <= before.Cursor)
        {
            return new AcknowledgeResult(before, 0);
        }

        Cursor.Check(upTo, before);
        Telemetry.Delivered(DeliveryState.Acknowledged, count);
        return new AcknowledgeResult(before with { Cursor = upTo }, count);
    }
}
