using Parley.Storage;

namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>A spawned session as it stands in the database, read without the server.</summary>
/// <param name="Session">Its key.</param>
/// <param name="Parent">Who spawned it, by name.</param>
/// <param name="ParentSession">The session that spawned it; null for a program.</param>
/// <param name="Task">What it had to do.</param>
/// <param name="State">How far it came, as the doors tell it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Ended">Whether it has ended.</param>
/// <param name="Results">How many results stand in its log.</param>
/// <param name="Delivered">How many of them are deliveries to its parent.</param>
internal sealed record StoredSpawn(string Session, string Parent, Guid? ParentSession, string Task, string State, string? Reason, bool Ended, int Results, int Delivered)
{
    public static async Task<IReadOnlyList<StoredSpawn>> ReadAsync(StorageOptions options)
    {
        await using var database = await Database.OpenAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        return await database.Engine.ReadAsync(
            async session => await session.ListAsync(
                """
                select x.key, x.parent_name, x.parent_session_id, x.task, x.state, x.reason, case when x.ended_at is null then 0 else 1 end,
                    (select count(*) from messages m where m.conversation_id = x.conversation_id and m.type = 'result'),
                    (select count(*) from messages m join deliveries d on d.message_id = m.id where m.conversation_id = x.conversation_id and m.type = 'result' and d.agent_id = x.parent_id)
                from subagents x
                """,
                row => new StoredSpawn(row.Text(0), row.Text(1), row.GuidOrNull(2), row.Text(3), row.Text(4) == "timedout" ? "timed_out" : row.Text(4), row.TextOrNull(5), row.Bool(6), row.Int(7), row.Int(8))),
            TestContext.Current.CancellationToken);
    }

    /// <summary>Lets the leases of a server that is gone be over, instead of waiting 30 s for it.</summary>
    public static async Task EndLeasesAsync(StorageOptions options)
    {
        await using var database = await Database.OpenAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        await database.Engine.WriteAsync(session => session.ExecuteAsync("update sessions set lease_until = 1 where lease_until > 1"), TestContext.Current.CancellationToken);
    }
}
