namespace Parley.Core.Maintenance;

/// <summary>How long messages are kept.</summary>
/// <param name="KeepDays">Days after which what is settled may be deleted, at least 7; null keeps everything.</param>
public sealed record Retention(int? KeepDays = null)
{
    /// <summary>Returns the setting, or throws <c>invalid_request</c> where it would break the promise about keys.</summary>
    public Retention Checked() => KeepDays is null or (>= 7 and <= 36_500)
        ? this
        : throw ParleyError.Invalid("keep_days", $"Messages cannot be kept for {KeepDays} days.", "Use 7 days (as long as keys are promised) to 36500, or nothing to keep everything.");
}

/// <summary>Deletes what retention no longer keeps.</summary>
public interface IRetentionStore
{
    /// <summary>Agents whose inbox begins with something that may go.</summary>
    ValueTask<List<Guid>> InboxesAsync(DateTimeOffset before, int limit);

    /// <summary>
    /// Deletes from the beginning of an inbox what was acknowledged, answered, expired or refused before that time, up to the first that was not,
    /// and moves the floor behind it. Nothing above the cursor goes; dead letters stay but hold nothing back. Looks at that many at most.
    /// </summary>
    ValueTask<int> PruneInboxAsync(Guid agentId, DateTimeOffset before, int limit);

    /// <summary>Conversations that begin with a message that may go.</summary>
    ValueTask<List<Guid>> ConversationsAsync(DateTimeOffset before, int limit);

    /// <summary>
    /// Deletes from the beginning of a conversation the messages older than that time that nobody waits for, up to the first that is needed, so
    /// that what remains has no gap. Looks at that many at most.
    /// </summary>
    ValueTask<int> PruneConversationAsync(Guid conversationId, DateTimeOffset before, int limit);

    /// <summary>Deletes turns that ended before that time with their steps; what their roots used stays counted. Returns how many.</summary>
    ValueTask<int> PruneTurnsAsync(DateTimeOffset before, int limit);

    /// <summary>
    /// Deletes spawned sessions that ended before that time and of which nothing else is left: no message, no turn, and nothing that they have spawned. Their results were
    /// read then. Returns how many.
    /// </summary>
    ValueTask<int> PruneSessionsAsync(DateTimeOffset before, int limit);
}

/// <summary>Deletes old messages that are settled, with turns and spawned sessions that nothing is left of, in small writes. Numbers are never given out again.</summary>
public sealed class PruneMessages(IDatabase database, Retention retention, TimeProvider time)
{
    private const int Places = 50;
    private const int AtOnce = 200;

    private readonly int? keepDays = retention.Checked().KeepDays;

    /// <summary>Deletes some of what is due; true where more may be due at once. Does nothing where everything is kept.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (keepDays is not { } days)
        {
            return false;
        }

        var before = time.GetUtcNow().AddDays(-days);
        var inboxes = await database.ReadAsync(unit => unit.Retention.InboxesAsync(before, Places), cancellationToken);
        var deleted = 0;
        foreach (var id in inboxes)
        {
            deleted += await database.WriteAsync(unit => unit.Retention.PruneInboxAsync(id, before, AtOnce), cancellationToken);
        }

        var conversations = await database.ReadAsync(unit => unit.Retention.ConversationsAsync(before, Places), cancellationToken);
        foreach (var id in conversations)
        {
            deleted += await database.WriteAsync(unit => unit.Retention.PruneConversationAsync(id, before, AtOnce), cancellationToken);
        }

        deleted += await database.WriteAsync(unit => unit.Retention.PruneTurnsAsync(before, AtOnce), cancellationToken);
        deleted += await database.WriteAsync(unit => unit.Retention.PruneSessionsAsync(before, AtOnce), cancellationToken);
        deleted += await database.WriteAsync(unit => unit.Tasks.PruneAsync(before, AtOnce), cancellationToken);
        return deleted > 0;
    }
}
