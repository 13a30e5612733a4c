using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Halts;

/// <summary>What a person may halt, and how it is named.</summary>
/// <param name="Scope">What kind of thing it is.</param>
/// <param name="Id">Which one; empty for the server.</param>
/// <param name="OrganizationId">The tenant; empty for the server.</param>
internal readonly record struct HaltTarget(HaltScope Scope, Guid Id, Guid OrganizationId)
{
    /// <summary>The least role for a scope; of agents and links also their owners.</summary>
    public static Role LeastRole(HaltScope scope) => scope switch
    {
        HaltScope.Server => Role.Owner,
        HaltScope.Organization or HaltScope.Project => Role.Admin,
        _ => Role.Member,
    };

    /// <summary>Finds what is named; throws <c>not_found</c>, or <c>forbidden</c> where the caller may not halt it.</summary>
    public static async ValueTask<HaltTarget> FindAsync(IUnitOfWork unit, Caller caller, HaltScope scope, string? target)
    {
        var tenant = caller.OrganizationId;
        return scope switch
        {
            HaltScope.Server => new HaltTarget(scope, Guid.Empty, Guid.Empty),
            HaltScope.Organization => new HaltTarget(scope, tenant, tenant),
            HaltScope.Project => new HaltTarget(scope, (await ListProjects.FoundAsync(unit, caller, target)).Id, tenant),
            HaltScope.Agent => new HaltTarget(scope, (await AgentRules.ManagedAsync(unit, caller, target)).Id, tenant),
            HaltScope.Link => new HaltTarget(scope, await LinkAsync(unit, caller, target), tenant),
            _ => throw ParleyError.Invalid("scope", "The scope is unknown.", "Use agent, link, project, organization or server."),
        };
    }

    /// <summary>The name of what is halted, as a person knows it.</summary>
    public static async ValueTask<string> NameAsync(IUnitOfWork unit, Guid organizationId, Halt halt) => halt.Scope switch
    {
        HaltScope.Server => "server",
        HaltScope.Organization => (await unit.Organizations.FindAsync(halt.TargetId))?.Name ?? halt.TargetId.ToString(),
        HaltScope.Project => (await unit.Organizations.FindProjectAsync(organizationId, halt.TargetId.ToString()))?.Name ?? halt.TargetId.ToString(),
        HaltScope.Agent => (await unit.Agents.FindAsync(organizationId, halt.TargetId))?.Name ?? halt.TargetId.ToString(),
        _ => halt.TargetId.ToString(),
    };

    private static async ValueTask<Guid> LinkAsync(IUnitOfWork unit, Caller caller, string? target)
    {
        var link = Guid.TryParse(target, out var id) ? await unit.Links.FindAsync(caller.OrganizationId, id) : null;
        if (link is not { RemovedAt: null })
        {
            throw ParleyError.NotFound("link");
        }

        var one = await unit.Agents.FindAsync(caller.OrganizationId, link.AgentA);
        var other = await unit.Agents.FindAsync(caller.OrganizationId, link.AgentB);
        return AgentRules.MayManage(caller, one!) || AgentRules.MayManage(caller, other!)
            ? link.Id
            : throw new ParleyError(ErrorCode.Forbidden, "Neither of the link's agents is yours.", "Ask an owner of one of them or an admin of the organization.");
    }
}
