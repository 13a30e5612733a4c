using Parley.Core.Organizations;

namespace Parley.Core.Webhooks;

/// <summary>A webhook and what it is about to do.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Open">The call that is to be tried, or null.</param>
/// <param name="Last">Its newest call, or null.</param>
public sealed record WebhookOverview(Webhook Webhook, WebhookCall? Open, WebhookCall? Last);

/// <summary>Shows the webhooks of an organization. Persons only.</summary>
public sealed class ListWebhooks(IDatabase database)
{
    /// <summary>Returns all of them, by name.</summary>
    public Task<List<WebhookOverview>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        Require(caller);
        return database.ReadAsync(
            async unit =>
            {
                var all = new List<WebhookOverview>();
                foreach (var webhook in await unit.Webhooks.ListAsync(caller.OrganizationId, AddWebhook.Most))
                {
                    all.Add(await OfAsync(unit, webhook));
                }

                return all;
            },
            cancellationToken);
    }

    internal static async ValueTask<WebhookOverview> OfAsync(IUnitOfWork unit, Webhook webhook) =>
        new(webhook, await unit.Webhooks.OpenCallAsync(webhook.Id), (await unit.Webhooks.CallsAsync(webhook.Id, before: null, limit: 1)).FirstOrDefault());

    internal static void Require(Caller caller)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
    }
}

/// <summary>Finds a webhook. Persons only.</summary>
public sealed class FindWebhook(IDatabase database)
{
    /// <summary>Returns the webhook of that name or id. Throws <c>not_found</c>.</summary>
    public Task<WebhookOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        ListWebhooks.Require(caller);
        return database.ReadAsync(async unit => await ListWebhooks.OfAsync(unit, await WebhookLookup.FoundAsync(unit, caller, nameOrId)), cancellationToken);
    }
}

/// <summary>Shows the calls of a webhook. Persons only.</summary>
public sealed class ReadWebhookCalls(IDatabase database)
{
    /// <summary>Returns those with numbers below one, or the newest; newest first. Throws <c>not_found</c>.</summary>
    public Task<List<WebhookCall>> RunAsync(Caller caller, string nameOrId, long? before, int limit, CancellationToken cancellationToken)
    {
        ListWebhooks.Require(caller);
        return database.ReadAsync(
            async unit => await unit.Webhooks.CallsAsync((await WebhookLookup.FoundAsync(unit, caller, nameOrId)).Id, before, Math.Clamp(limit, 1, Limits.PageRows)), cancellationToken);
    }
}
