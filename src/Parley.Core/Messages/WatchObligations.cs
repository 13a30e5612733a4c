namespace Parley.Core.Messages;

/// <summary>Reminds agents of replies that were asked for, and tells a person when one did not come.</summary>
public sealed class WatchObligations(IDatabase database, IWake wake, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>Does what is due; true where more is due at once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Obligations.DueAsync(time.GetUtcNow(), AtOnce), cancellationToken);
        foreach (var obligation in due)
        {
            var positions = await database.WriteAsync(unit => StepAsync(unit, obligation.MessageId, obligation.AgentId, time.GetUtcNow()), cancellationToken);
            Wakes.Send(wake, obligation.OrganizationId, positions);
        }

        return due.Count == AtOnce;
    }

    private static async ValueTask<List<InboxPosition>> StepAsync(IUnitOfWork unit, Guid messageId, Guid agentId, DateTimeOffset now)
    {
        // Another node, or the reply itself, may have been faster.
        if (await unit.Obligations.FindAsync(messageId, agentId) is not { } obligation
            || await unit.Messages.FindAsync(obligation.OrganizationId, messageId) is not { } message)
        {
            return [];
        }

        switch (ObligationRules.Next(obligation, now))
        {
            case ObligationStep.Remind:
                unit.Obligations.Remind(messageId, agentId, now);
                return await RemindAsync(unit, obligation, message, now);
            case ObligationStep.Escalate:
                unit.Obligations.End(messageId, agentId);
                return await EscalateAsync(unit, obligation, message, now);
            default:
                return [];
        }
    }

    private static async ValueTask<List<InboxPosition>> RemindAsync(IUnitOfWork unit, Obligation obligation, Message message, DateTimeOffset now)
    {
        if (message.Withheld != Withheld.No)
        {
            return [];
        }

        var text = $"Reminder: '{message.SenderName}' asked for a reply to message {message.Id} by {obligation.ReplyBy:u}.";
        return [await SystemNotice.WriteAsync(unit, message.OrganizationId, obligation.AgentId, "reply_reminder", text, message.Id, now)];
    }

    private static async ValueTask<List<InboxPosition>> EscalateAsync(IUnitOfWork unit, Obligation obligation, Message message, DateTimeOffset now)
    {
        var text = $"'{obligation.AgentName}' has not replied to message {message.Id} of '{message.SenderName}', due {obligation.ReplyBy:u}.";
        unit.Obligations.Raise(new Attention(Guid.CreateVersion7(now), message.OrganizationId, "reply_overdue", text, message.Id, now, ResolvedAt: null));
        return message.SenderKind == CallerKind.Agent
            ? [await SystemNotice.WriteAsync(unit, message.OrganizationId, message.SenderId, "reply_overdue", text, message.Id, now)]
            : [];
    }
}
