using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>Ends a spawned session and everything below it. Its parent gets that as the result.</summary>
public sealed class KillSession(IDatabase database, EndSession ending, SendMessage send, IEnumerable<ITurnStop> running, IWake wake, TimeProvider time)
{
    /// <summary>Returns the session as it is then. Throws <c>not_found</c>, <c>forbidden</c> for whoever neither spawned it nor is a person, and <c>session_ended</c>.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">The session's key, id or label.</param>
    /// <param name="reason">Why, for those who look; null for nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<Subagent> RunAsync(Caller caller, string name, string? reason, CancellationToken cancellationToken) =>
        RunAsync(caller, name, reason, OriginKey.HoldOf(caller), cancellationToken);

    internal async Task<Subagent> RunAsync(Caller caller, string name, string? reason, Func<IUnitOfWork, ValueTask> first, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Send);
        var why = string.IsNullOrWhiteSpace(reason) ? $"killed by {caller.Name}" : $"killed by {caller.Name}: {Remark(reason)}";
        var (session, end) = await database.WriteAsync(
            async unit =>
            {
                await first(unit);
                var now = time.GetUtcNow();
                var found = await SessionLookup.CommandedAsync(unit, caller, name);
                await unit.Sessions.FindAsync(found.Id);
                var locked = (await unit.Subagents.FindAsync(caller.OrganizationId, found.Id))!;
                if (locked.Ended)
                {
                    throw SessionLookup.Ended(locked);
                }

                var ended = await ending.WriteAsync(unit, locked, SubagentState.Killed, text: null, why, running: null, now);
                unit.Audit.Append(AuditEntry.Allowed(caller, now, "session.kill", locked.Key));
                return ((await unit.Subagents.FindAsync(caller.OrganizationId, found.Id))!, ended);
            },
            cancellationToken);
        SessionEffects.Run(end, send, running, wake);
        return session;
    }

    private static string Remark(string reason) => reason.Trim() is { Length: <= 500 } text ? text : throw ParleyError.Invalid("reason", "The reason is too long.", "Use at most 500 characters.");
}

/// <summary>Acts on a session's end after its commit.</summary>
internal static class SessionEffects
{
    /// <summary>Stops turns that run here, tells of posts, and wakes.</summary>
    public static void Run(SessionEnd end, SendMessage send, IEnumerable<ITurnStop> running, IWake wake)
    {
        foreach (var turn in end.Stopped)
        {
            foreach (var loop in running)
            {
                loop.Stop(turn);
            }
        }

        end.Sent.ForEach(send.Committed);
        wake.Wake(end.Hint);
    }
}
