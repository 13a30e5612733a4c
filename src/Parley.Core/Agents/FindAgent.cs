using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Finds an agent of the caller's organization.</summary>
public sealed class FindAgent(IDatabase database, HaltBoard halts)
{
    /// <summary>Returns the agent of that name or id. Throws <c>not_found</c>.</summary>
    public Task<AgentOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, nameOrId);
                return AgentOverview.For(caller, agent, await unit.Agents.InboxAsync(agent.Id), halts);
            },
            cancellationToken);
    }
}
