using Parley.Core.Agents;

namespace Parley.Core.Links;

/// <summary>Finds a link with both of its agents for a caller.</summary>
internal static class LinkLookup
{
    /// <summary>The link that the caller may know of and that is not removed; throws <c>not_found</c> in the same words for every other id.</summary>
    public static async ValueTask<(Link Link, Agent One, Agent Other)> VisibleAsync(IUnitOfWork unit, Caller caller, Guid id)
    {
        if (await unit.Links.FindAsync(caller.OrganizationId, id) is not { RemovedAt: null } link)
        {
            throw ParleyError.NotFound("link");
        }

        var one = await unit.Agents.FindAsync(caller.OrganizationId, link.AgentA);
        var other = await unit.Agents.FindAsync(caller.OrganizationId, link.AgentB);
        if (!LinkRules.MaySee(caller, one!, other!))
        {
            throw ParleyError.NotFound("link");
        }

        return caller.IsAgent && caller.Id == other!.Id ? (link, other, one!) : (link, one!, other!);
    }

    /// <summary>The link that the person may change; throws <c>forbidden</c> where they may only see it.</summary>
    public static async ValueTask<(Link Link, Agent One, Agent Other)> ManagedAsync(IUnitOfWork unit, Caller caller, Guid id)
    {
        var found = await VisibleAsync(unit, caller, id);
        return LinkRules.MayManage(caller, found.One, found.Other) ? found : throw LinkRules.Refusal();
    }
}
