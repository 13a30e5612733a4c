namespace Parley.Core.Webhooks;

/// <summary>Webhooks and their calls.</summary>
public interface IWebhookStore
{
    /// <summary>Adds a webhook.</summary>
    void Add(Webhook webhook);

    /// <summary>Writes what can change of a webhook.</summary>
    void Update(Webhook webhook);

    /// <summary>Deletes a webhook and its calls.</summary>
    void Remove(Guid id);

    /// <summary>The webhook, or null; in a write it is locked.</summary>
    ValueTask<Webhook?> FindAsync(Guid id);

    /// <summary>The webhook of that name, or null; in a write it is locked.</summary>
    ValueTask<Webhook?> FindAsync(Guid organizationId, string name);

    /// <summary>The webhooks of an organization, by name.</summary>
    ValueTask<List<Webhook>> ListAsync(Guid organizationId, int limit);

    /// <summary>How many webhooks an organization has.</summary>
    ValueTask<int> CountAsync(Guid organizationId);

    /// <summary>
    /// Webhooks that have something to tell or to try again, and that nobody else is calling; those of agents that were removed, of what is halted, and of what is paused are
    /// not. Locks nothing.
    /// </summary>
    ValueTask<List<DueWebhook>> DueAsync(DateTimeOffset now, int limit);

    /// <summary>The agents whose inboxes are watched by a webhook that is not paused, so that a wake-up is not late.</summary>
    ValueTask<List<Guid>> WatchedAsync();

    /// <summary>What the webhook has not told of yet.</summary>
    ValueTask<WebhookNews> NewsAsync(Webhook webhook);

    /// <summary>The call that is to be tried, or null. There is at most one.</summary>
    ValueTask<WebhookCall?> OpenCallAsync(Guid webhookId);

    /// <summary>A call, or null.</summary>
    ValueTask<WebhookCall?> FindCallAsync(Guid webhookId, long number);

    /// <summary>The calls with numbers below one, or the newest; newest first.</summary>
    ValueTask<List<WebhookCall>> CallsAsync(Guid webhookId, long? before, int limit);

    /// <summary>Adds a call, and deletes those of which at least <paramref name="keep"/> newer ones exist.</summary>
    void AddCall(WebhookCall call, int keep);

    /// <summary>Writes what can change of a call, and ends its lease.</summary>
    void UpdateCall(WebhookCall call);

    /// <summary>Lets one node try the call for that long, by the database's clock; false where another one does.</summary>
    ValueTask<bool> ClaimAsync(WebhookCall call, TimeSpan time);

    /// <summary>Ends the leases of a process that is gone. Only where one process has the store for itself.</summary>
    ValueTask<int> DropLeasesAsync();

    /// <summary>Notes that the webhook's calls have that in them.</summary>
    void Note(Guid webhookId, IReadOnlyList<Guid> attention);
}

/// <summary>A webhook that is due.</summary>
/// <param name="Id">Which.</param>
/// <param name="Secret">What signs its calls, sealed: only a node that can open it calls.</param>
public sealed record DueWebhook(Guid Id, string Secret);

/// <summary>What a webhook has not told of yet.</summary>
/// <param name="Head">The last number of the inbox; 0 where it watches none.</param>
/// <param name="Cursor">The number up to which the agent has read.</param>
/// <param name="Newest">The number of the newest unread thing it calls for, or null where there is none.</param>
/// <param name="Count">How many unread things it calls for there are.</param>
/// <param name="Attention">What needs a person and was not told of, oldest first.</param>
public sealed record WebhookNews(long Head, long Cursor, long? Newest, int Count, IReadOnlyList<Messages.Attention> Attention);
