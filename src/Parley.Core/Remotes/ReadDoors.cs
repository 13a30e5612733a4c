using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Turns;
using Parley.Core.Webhooks;

namespace Parley.Core.Remotes;

/// <summary>The ways on which Parley goes to an agent.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Hosted">How it is hosted, or null.</param>
/// <param name="Webhooks">The webhooks that watch its inbox.</param>
/// <param name="Remote">Where it is called as an agent of another server, or null.</param>
public sealed record AgentDoors(Agent Agent, HostedAgent? Hosted, IReadOnlyList<Webhook> Webhooks, RemoteAgent? Remote);

/// <summary>Shows on which ways Parley goes to an agent. Persons only.</summary>
public sealed class ReadDoors(IDatabase database)
{
    /// <summary>Returns them. Throws <c>not_found</c>.</summary>
    public Task<AgentDoors> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, name);
                var webhooks = await unit.Webhooks.ListAsync(caller.OrganizationId, AddWebhook.Most);
                return new AgentDoors(
                    agent, await unit.Hosting.FindAsync(caller.OrganizationId, agent.Id), webhooks.FindAll(webhook => webhook.AgentId == agent.Id), await unit.Remotes.FindAsync(agent.Id));
            },
            cancellationToken);
    }
}
