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
        var (state, count) = await database.WriteAsync<(InboxState, Task<int>)>(
            async unit =>
            {
                var state = await unit.Agents.InboxAsync(caller.Id);
                if (upTo <= state.Cursor)
                {
                    return (state, Task.FromResult(0));
                }

                Cursor.Check(upTo, state);
                unit.Agents.SetCursor(caller.Id, upTo);
                return (state with { Cursor = upTo }, unit.Deliveries.AcknowledgeAsync(caller.Id, state.Cursor, upTo, time.GetUtcNow()));
            },
            cancellationToken);
        var result = new AcknowledgeResult(state, await count);
        Telemetry.Delivered(DeliveryState.Acknowledged, result.Count);
        return result;
    }
}
