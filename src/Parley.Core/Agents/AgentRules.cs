using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Who may change an agent.</summary>
public static class AgentRules
{
    /// <summary>Whether the person may change the agent, its tokens and links: its owner, or an admin.</summary>
    public static bool MayManage(Caller caller, Agent agent) => !caller.IsAgent && (caller.Id == agent.OwnerId || caller.Role <= Role.Admin);

    /// <summary>The agent of that name, alias or id; throws <c>not_found</c>, or <c>forbidden</c> where the caller may not change it.</summary>
    public static async ValueTask<Agent> ManagedAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var agent = await FoundAsync(unit, caller.OrganizationId, nameOrId);
        return MayManage(caller, agent)
            ? agent
            : throw new ParleyError(ErrorCode.Forbidden, $"'{agent.Name}' belongs to somebody else.", "Ask its owner or an admin of the organization.");
    }

    /// <summary>The agent of that name, alias or id that is not removed; throws <c>not_found</c>.</summary>
    public static async ValueTask<Agent> FoundAsync(IUnitOfWork unit, Guid organizationId, string? nameOrId)
    {
        var name = nameOrId?.Trim().TrimStart('@').ToLowerInvariant() ?? "";
        if (!Name.HasForm(name))
        {
            throw ParleyError.NotFound("agent");
        }

        var agent = await unit.Agents.FindAsync(organizationId, name)
            ?? (Guid.TryParse(name, out var id) ? await unit.Agents.FindAsync(organizationId, id) : null);
        return agent is { RemovedAt: null } ? agent : throw ParleyError.NotFound("agent");
    }
}
