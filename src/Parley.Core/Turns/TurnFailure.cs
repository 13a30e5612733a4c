using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>Ends a turn as failed: what it was about stays unread, until it has failed too often.</summary>
internal static class TurnFailure
{
    /// <summary>Writes the failure and returns whom to wake after the commit. The caller has the session locked.</summary>
    public static async ValueTask<WakeHint?> WriteAsync(
        IUnitOfWork unit, ISessionRules rules, ClaimedTurn claimed, Turn turn, string reason, bool needsPerson, DateTimeOffset now)
    {
        var (agent, told) = (claimed.Agent, new List<InboxPosition>());
        var failures = (await unit.Sessions.FindAsync(claimed.Session.Id))!.Failures + 1;
        var failed = await TurnLedger.SettleAsync(unit, turn) with { State = TurnState.Failed, Reason = reason, EndedAt = now };
        unit.Turns.Save(failed);
        var ended = await rules.EndedAsync(unit, new TurnEnd(agent, claimed.Session, failed, Text: null, reason), now);
        await unit.Agents.InboxAsync(agent.Id);
        foreach (var item in claimed.Unread)
        {
            var delivery = await unit.Deliveries.FindAsync(item.Message.Id, agent.Id);
            if (delivery is not null && DeliveryRules.MayFollow(delivery.State, DeliveryState.Dead)
                && await unit.Turns.FailuresAsync(agent.Id, item.Number) >= RetryRules.TurnsPerDelivery)
            {
                told.AddRange(await RejectDelivery.EndAsync(unit, agent.OrganizationId, agent.Name, delivery, reason, now));
            }
        }

        if (needsPerson && failures == 1 && ended is null)
        {
            unit.Obligations.Raise(new Attention(
                Guid.CreateVersion7(now), agent.OrganizationId, "turn_failed", $"'{agent.Name}' cannot answer: {reason}", claimed.Unread[0].Message.Id, now, ResolvedAt: null));
        }

        unit.Turns.AdvanceCursor(agent.Id);
        unit.Sessions.Release(claimed.Session.Id, null, failures, now + RetryRules.Pause(failures));
        return ended ?? (told.Count > 0 ? new WakeHint(agent.OrganizationId, Guid.Empty, told, Message: null) : null);
    }
}
