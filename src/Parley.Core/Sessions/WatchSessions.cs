using System.Globalization;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>
/// The session guardian: ends sessions whose time is over or that make no progress, starts what waits in the queue when there is room, and follows what people
/// decided of held ones.
/// </summary>
public sealed class WatchSessions(
    IDatabase database, EndSession ending, ISessionPolicy policy, SendMessage send, IEnumerable<ITurnStop> running, IWake wake, TimeProvider time)
{
    private const int AtOnce = 50;

    /// <summary>Looks once; true where more may be due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rules = policy.Current;
        var (overdue, decided, queued) = await database.ReadAsync(
            async unit => (
                await unit.Subagents.OverdueAsync(now, now - rules.NoProgress, AtOnce), await unit.Subagents.DecidedAsync(AtOnce),
                (await unit.Subagents.QueuedAsync(1)).Count > 0 && (await unit.Subagents.RunningAsync()).Values.Sum() < rules.MaxConcurrent),
            cancellationToken);
        foreach (var session in overdue)
        {
            await EndAsync(session, session.Deadline <= now, rules, cancellationToken);
        }

        foreach (var (session, approved) in decided)
        {
            await DecideAsync(session, approved, rules, cancellationToken);
        }

        if (queued)
        {
            await StartAsync(rules, cancellationToken);
        }

        return overdue.Count == AtOnce || decided.Count == AtOnce;
    }

    private Task EndAsync(Subagent overdue, bool late, SessionPolicy rules, CancellationToken cancellationToken) => ChangeAsync(
        overdue,
        (unit, session, now) => late
            ? ending.WriteAsync(unit, session, SubagentState.TimedOut, text: null, $"its time of {SubagentRules.Runtime(session.Timeout)} was over", running: null, now)
            : ending.WriteAsync(
                unit, session, SubagentState.Killed, text: null,
                string.Create(CultureInfo.InvariantCulture, $"{SubagentRules.Guardian}no progress for {SubagentRules.Runtime(rules.NoProgress)} (noProgressMinutes)"), running: null, now),
        cancellationToken);

    private Task DecideAsync(Subagent held, bool approved, SessionPolicy rules, CancellationToken cancellationToken) => ChangeAsync(
        held,
        async (unit, session, now) =>
        {
            if (!approved)
            {
                return await ending.WriteAsync(unit, session, SubagentState.Killed, text: null, "a person refused it", running: null, now);
            }

            await unit.Subagents.LockQueueAsync();
            unit.Subagents.Save(await SessionQueue.PlaceAsync(unit, session, rules, now));
            var started = new SessionEnd(session.OrganizationId, session.ConversationId);
            started.Woken.Add(new InboxPosition(session.AgentId, (await unit.Agents.InboxAsync(session.AgentId)).Head));
            return started;
        },
        cancellationToken);

    private async Task ChangeAsync(Subagent seen, Func<IUnitOfWork, Subagent, DateTimeOffset, ValueTask<SessionEnd>> change, CancellationToken cancellationToken)
    {
        var end = await database.WriteAsync(
            async unit =>
            {
                await unit.Sessions.FindAsync(seen.Id);
                return await unit.Subagents.FindAsync(seen.OrganizationId, seen.Id) is { } session && session.State == seen.State ? await change(unit, session, time.GetUtcNow()) : null;
            },
            cancellationToken);
        if (end is not null)
        {
            SessionEffects.Run(end, send, running, wake);
        }
    }

    private async Task StartAsync(SessionPolicy rules, CancellationToken cancellationToken)
    {
        var woken = await database.WriteAsync(
            async unit =>
            {
                await unit.Subagents.LockQueueAsync();
                return await SessionQueue.StartAsync(unit, rules, time.GetUtcNow());
            },
            cancellationToken);
        Wakes.Send(wake, Guid.Empty, woken);
    }
}
