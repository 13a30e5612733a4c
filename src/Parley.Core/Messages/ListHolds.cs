using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>What is on hold: whose messages wait for a person before they are delivered.</summary>
/// <param name="Types">The types of messages, whoever of the organization's agents sends them.</param>
/// <param name="Agents">The agents, whatever they send.</param>
/// <param name="Links">The links, with the names of their agents.</param>
public sealed record HoldOverview(HeldTypes Types, IReadOnlyList<Agent> Agents, IReadOnlyList<(Link Link, string Agent, string Peer)> Links);

/// <summary>Lists what is on hold in the caller's organization. Persons only.</summary>
public sealed class ListHolds(IDatabase database)
{
    /// <summary>Returns types, agents and links that are on hold.</summary>
    public Task<HoldOverview> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var agents = await unit.Agents.ListAsync(caller.OrganizationId);
                var names = agents.ToDictionary(agent => agent.Id, agent => agent.Name);
                var links = (await unit.Links.ListAsync(caller.OrganizationId, agentId: null)).Where(link => link.Settings.Hold && names.ContainsKey(link.AgentA) && names.ContainsKey(link.AgentB));
                return new HoldOverview(
                    await unit.Organizations.HeldTypesAsync(caller.OrganizationId), agents.FindAll(agent => agent.Hold),
                    [.. links.Select(link => (link, names[link.AgentA], names[link.AgentB]))]);
            },
            cancellationToken);
    }
}
