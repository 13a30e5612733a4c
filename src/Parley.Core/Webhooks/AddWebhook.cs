using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Webhooks;

/// <summary>What a person says of a webhook, before it was checked.</summary>
/// <param name="Url">Whom it calls.</param>
/// <param name="Agent">The agent whose inbox it watches; null for what needs a person.</param>
/// <param name="Name">What it is called; null counts on: <c>webhook-1</c>, <c>webhook-2</c>, …</param>
/// <param name="Events">What it calls for; null for all that there is.</param>
/// <param name="Secret">What signs its calls; null for a new one.</param>
/// <param name="Preview">Whether a call carries the first line of the text.</param>
public sealed record WebhookInput(string? Url, string? Agent = null, string? Name = null, IReadOnlyList<string>? Events = null, string? Secret = null, bool Preview = true);

/// <summary>A webhook with its secret, which is shown once.</summary>
public sealed record SecretWebhook(Webhook Webhook, string Secret);

/// <summary>Makes a webhook: of an agent that the person may manage, or of what needs a person. Persons only.</summary>
public sealed class AddWebhook(IDatabase database, IOutboundPolicy policy, ISealedSecrets secrets, TimeProvider time)
{
    /// <summary>The webhooks that an organization may have.</summary>
    public const int Most = 100;

    /// <summary>
    /// Returns it with its secret. It begins with what comes from now on. Throws <c>invalid_request</c> naming the field, <c>outbound_refused</c>, <c>not_found</c> and
    /// <c>forbidden</c> for the agent, and <c>conflict</c> for a name in use and where there are too many.
    /// </summary>
    public Task<SecretWebhook> RunAsync(Caller caller, WebhookInput input, CancellationToken cancellationToken)
    {
        var name = input.Name is null ? null : Name.Check(input.Name, "name");
        return database.ChangeAsync(
            caller, time, "webhook.add", name ?? "", Role.Member,
            async (unit, now) =>
            {
                var url = OutboundRules.Parse(input.Url, "url");
                OutboundRules.Check(policy.Current, url);
                var agent = input.Agent is null ? null : await AgentRules.ManagedAsync(unit, caller, input.Agent);
                var (id, secret) = (Guid.CreateVersion7(now), input.Secret is null ? WebhookSignature.NewSecret() : WebhookSignature.Check(input.Secret));
                var webhook = new Webhook
                {
                    Id = id, OrganizationId = caller.OrganizationId, Name = await NameAsync(unit, caller, name), AgentId = agent?.Id, AgentName = agent?.Name, Url = url.AbsoluteUri,
                    Events = EventsOf(input.Events, agent is not null), Preview = input.Preview, Secret = secrets.Seal(WebhookLookup.PurposeOf(id), secret), CreatedById = caller.Id,
                    CreatedBy = caller.Name, CreatedAt = now, Position = agent is null ? 0 : (await unit.Agents.InboxAsync(agent.Id)).Head,
                };
                unit.Webhooks.Add(webhook);
                return new SecretWebhook(webhook, secret);
            },
            cancellationToken);
    }

    private static WebhookEvents EventsOf(IReadOnlyList<string>? names, bool ofAgent)
    {
        var possible = ofAgent ? WebhookEvents.Message | WebhookEvents.Result : WebhookEvents.Attention;
        if (names is null or { Count: 0 })
        {
            return possible;
        }

        var events = WebhookEvents.None;
        foreach (var name in names)
        {
            events |= name.Trim().ToLowerInvariant() switch
            {
                "message" when ofAgent => WebhookEvents.Message,
                "result" when ofAgent => WebhookEvents.Result,
                "attention" when !ofAgent => WebhookEvents.Attention,
                _ => throw ParleyError.Invalid(
                    "events", $"A webhook {(ofAgent ? "of an agent" : "without an agent")} is not called for '{(name.Length > 60 ? name[..60] + "…" : name)}'.",
                    ofAgent ? "Name message, result or both." : "Name attention, or the agent whose messages are meant: --agent AGENT"),
            };
        }

        return events;
    }

    private static async ValueTask<string> NameAsync(IUnitOfWork unit, Caller caller, string? name)
    {
        var count = await unit.Webhooks.CountAsync(caller.OrganizationId);
        if (count >= Most)
        {
            throw new ParleyError(ErrorCode.Conflict, $"There are {Most} webhooks already.", "Remove one that is not needed: parley webhook list");
        }

        if (name is not null)
        {
            return await unit.Webhooks.FindAsync(caller.OrganizationId, name) is null
                ? name
                : throw new ParleyError(ErrorCode.Conflict, $"There is a webhook called '{name}' already.", "Choose another name, or remove that one: parley webhook list");
        }

        var number = count + 1;
        while (await unit.Webhooks.FindAsync(caller.OrganizationId, $"webhook-{number}") is not null)
        {
            number++;
        }

        return $"webhook-{number}";
    }
}
