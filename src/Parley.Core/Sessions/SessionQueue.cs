using System.Globalization;
using Parley.Core.Messages;

namespace Parley.Core.Sessions;

/// <summary>The fair queue of spawned sessions. Whoever calls has it locked.</summary>
internal static class SessionQueue
{
    private const int Look = 1_000;

    /// <summary>The new session as it starts or waits.</summary>
    public static async ValueTask<Subagent> PlaceAsync(IUnitOfWork unit, Subagent session, SessionPolicy policy, DateTimeOffset now)
    {
        var running = (await unit.Subagents.RunningAsync()).Values.Sum();
        return running < policy.MaxConcurrent
            ? session with { State = SubagentState.Running, StartedAt = now, Reason = null }
            : session with { State = SubagentState.Queued, Reason = string.Create(CultureInfo.InvariantCulture, $"{running} sessions run, of at most {policy.MaxConcurrent} (maxConcurrent).") };
    }

    /// <summary>Starts what there is room for; returns whom to wake.</summary>
    public static async ValueTask<List<InboxPosition>> StartAsync(IUnitOfWork unit, SessionPolicy policy, DateTimeOffset now)
    {
        var woken = new List<InboxPosition>();
        var queued = await unit.Subagents.QueuedAsync(Look);
        if (queued.Count == 0)
        {
            return woken;
        }

        foreach (var next in QueueRules.Next(queued, await unit.Subagents.RunningAsync(), policy.MaxConcurrent))
        {
            if (await unit.Subagents.FindAsync(next.OrganizationId, next.Id) is { State: SubagentState.Queued } session)
            {
                unit.Subagents.Save(session with { State = SubagentState.Running, StartedAt = now, Reason = null });
                woken.Add(new InboxPosition(session.AgentId, (await unit.Agents.InboxAsync(session.AgentId)).Head));
            }
        }

        return woken;
    }
}
