using Parley.Core.Organizations;

namespace Parley.Core.Webhooks;

/// <summary>Finds webhooks.</summary>
internal static class WebhookLookup
{
    /// <summary>The webhook of that name or id. Throws <c>not_found</c>.</summary>
    public static async ValueTask<Webhook> FoundAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var name = nameOrId?.Trim().ToLowerInvariant() ?? "";
        if (!Name.HasForm(name))
        {
            throw ParleyError.NotFound("webhook", "parley webhook list");
        }

        var webhook = await unit.Webhooks.FindAsync(caller.OrganizationId, name) ?? (Guid.TryParse(name, out var id) ? await unit.Webhooks.FindAsync(id) : null);
        return webhook is not null && webhook.OrganizationId == caller.OrganizationId ? webhook : throw ParleyError.NotFound("webhook", "parley webhook list");
    }

    /// <summary>The webhook, which the caller may change: who made it, or an admin. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public static async ValueTask<Webhook> ManagedAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var webhook = await FoundAsync(unit, caller, nameOrId);
        return webhook.CreatedById == caller.Id || caller.Role <= Role.Admin
            ? webhook
            : throw new ParleyError(ErrorCode.Forbidden, $"The webhook '{webhook.Name}' belongs to {webhook.CreatedBy}.", "Ask them, or an admin of the organization.");
    }

    /// <summary>What the secret of a webhook is sealed for.</summary>
    public static string PurposeOf(Guid webhookId) => $"webhook:{webhookId:n}";
}
