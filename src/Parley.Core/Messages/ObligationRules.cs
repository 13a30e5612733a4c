namespace Parley.Core.Messages;

/// <summary>When somebody is reminded of a reply that was asked for, and when a person is told that it did not come.</summary>
public static class ObligationRules
{
    /// <summary>The reminder comes when three quarters of the time have passed.</summary>
    public static DateTimeOffset RemindAt(Obligation obligation) =>
        obligation.CreatedAt + ((obligation.ReplyBy - obligation.CreatedAt) * 0.75);

    /// <summary>What is due now. A reminder that comes too late to help is left out.</summary>
    public static ObligationStep Next(Obligation obligation, DateTimeOffset now)
    {
        if (now >= obligation.ReplyBy)
        {
            return ObligationStep.Escalate;
        }

        return obligation.RemindedAt is null && now >= RemindAt(obligation) ? ObligationStep.Remind : ObligationStep.Wait;
    }
}

/// <summary>What is due of an obligation.</summary>
public enum ObligationStep
{
    /// <summary>Nothing.</summary>
    Wait,

    /// <summary>The one who owes the reply is reminded.</summary>
    Remind,

    /// <summary>A person is told, and the obligation ends.</summary>
    Escalate,
}
