using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Schedules;

/// <summary>Finds schedules, and the agents that they may name.</summary>
internal static class ScheduleLookup
{
    /// <summary>The schedule of that name or id. Throws <c>not_found</c>.</summary>
    public static async ValueTask<Schedule> FoundAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var name = nameOrId?.Trim().ToLowerInvariant() ?? "";
        if (!Name.HasForm(name))
        {
            throw ParleyError.NotFound("schedule");
        }

        var schedule = await unit.Schedules.FindAsync(caller.OrganizationId, name) ?? (Guid.TryParse(name, out var id) ? await unit.Schedules.FindAsync(id) : null);
        return schedule is not null && schedule.OrganizationId == caller.OrganizationId ? schedule : throw ParleyError.NotFound("schedule");
    }

    /// <summary>The schedule, which the caller may change: who made it, or an admin. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public static async ValueTask<Schedule> ManagedAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var schedule = await FoundAsync(unit, caller, nameOrId);
        return schedule.CreatedById == caller.Id || caller.Role <= Role.Admin
            ? schedule
            : throw new ParleyError(ErrorCode.Forbidden, $"The schedule '{schedule.Name}' belongs to {schedule.CreatedBy}.", "Ask them, or an admin of the organization.");
    }

    /// <summary>The agent that is to do the work, which Parley has to run. Throws <c>not_found</c>, <c>conflict</c>.</summary>
    public static async ValueTask<Agent> WorkerAsync(IUnitOfWork unit, Guid organizationId, string? nameOrId)
    {
        if (string.IsNullOrWhiteSpace(nameOrId))
        {
            throw ParleyError.Invalid("agent", "It is not said who does the work.", "Name an agent: parley agent list");
        }

        var agent = await AgentRules.FoundAsync(unit, organizationId, nameOrId);
        await CheckHostedAsync(unit, agent);
        return agent;
    }

    /// <summary>Throws <c>conflict</c> where Parley does not run the agent.</summary>
    public static async ValueTask CheckHostedAsync(IUnitOfWork unit, Agent agent)
    {
        if (await unit.Hosting.FindAsync(agent.OrganizationId, agent.Id) is null)
        {
            throw new ParleyError(ErrorCode.Conflict, $"Parley does not run '{agent.Name}', so it has no sessions.", $"Let Parley run it: parley agent host {agent.Name} --model PROVIDER/MODEL");
        }
    }
}
