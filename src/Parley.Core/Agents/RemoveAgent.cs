using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Removes an agent: its tokens and its database role end, its links are switched off, it leaves its channels and its announced work. Its messages stay.</summary>
public sealed class RemoveAgent(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the agent as it was. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public Task<Agent> RunAsync(Caller caller, string name, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "agent.remove", name, Role.Member,
        async (unit, now) =>
        {
            var agent = await AgentRules.ManagedAsync(unit, caller, name);
            await EndTokensAsync(unit, agent, now);
            await unit.SqlRoles.RevokeAsync(agent.Id);
            foreach (var link in await unit.Links.ListAsync(agent.OrganizationId, agent.Id))
            {
                unit.Links.Update(link.Id, link.Settings with { Enabled = false });
            }

            await LeaveProjectsAsync(unit, agent, now);
            await unit.Halts.ClearAsync(HaltScope.Agent, agent.Id);
            unit.Agents.Remove(agent.Id, now);
            return agent;
        },
        cancellationToken);

    private static async ValueTask EndTokensAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        foreach (var (token, _, _, _) in await unit.Tokens.ListAsync(agent.OrganizationId))
        {
            if (token.AgentId == agent.Id && token.RevokedAt is null)
            {
                await unit.Tokens.RevokeAsync(agent.OrganizationId, token.Id, now);
            }
        }
    }

    private static async ValueTask LeaveProjectsAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        foreach (var projectId in await unit.Conversations.ProjectsOfAsync(agent.Id))
        {
            foreach (var lease in (await unit.FileLeases.ActiveAsync(projectId, now)).Where(lease => lease.AgentId == agent.Id))
            {
                unit.FileLeases.Release(lease.Id, now);
            }

            foreach (var channel in await unit.Conversations.ListChannelsAsync(projectId))
            {
                unit.Conversations.RemoveMember(channel.Id, agent.Id);
            }
        }
    }
}
