using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Ends the database role of an agent. The agent's owner or an admin only.</summary>
public sealed class RevokeSqlRole(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the agent. What its role inserted before is still sent. Throws <c>not_found</c> where there is no role, <c>forbidden</c>.</summary>
    public Task<Agent> RunAsync(Caller caller, string agent, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "agent.sql_role.revoke", agent, Role.Member,
        async (unit, _) =>
        {
            var managed = await AgentRules.ManagedAsync(unit, caller, agent);
            return await unit.SqlRoles.RevokeAsync(managed.Id) ? managed : throw ParleyError.NotFound("database role");
        },
        cancellationToken);
}
