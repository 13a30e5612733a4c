using Parley.Core.Agents;

namespace Parley.Core.Messages;

/// <summary>A page of an inbox and where the inbox stands.</summary>
/// <param name="Items">What comes after the number asked for, ascending.</param>
/// <param name="State">Head, cursor and floor.</param>
public sealed record InboxView(IReadOnlyList<InboxItem> Items, InboxState State);

/// <summary>Reads an agent's own inbox. Reading changes nothing.</summary>
public sealed class ReadInbox(IDatabase database)
{
    /// <summary>
    /// Returns what comes after a number, or after the acknowledged cursor where none is given; at most <paramref name="limit"/> rows (1–500).
    /// Throws <c>cursor_too_old</c> where retention deleted what comes after it, <c>cursor_ahead</c> beyond the head.
    /// </summary>
    public Task<InboxView> RunAsync(Caller caller, long? after, int limit, CancellationToken cancellationToken)
    {
        caller.RequireAgent();
        caller.Require(Organizations.Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var state = await unit.Agents.InboxAsync(caller.Id);
                var from = after ?? state.Cursor;
                Cursor.Check(from, state);
                var items = from == state.Head ? [] : await unit.Deliveries.PageAsync(caller.Id, from, Math.Clamp(limit, 1, Limits.PageRows));
                return new InboxView(items, state);
            },
            cancellationToken);
    }
}
