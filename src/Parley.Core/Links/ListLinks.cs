using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Links;

/// <summary>Lists links: an agent sees its own, a member those of their agents, an admin all.</summary>
public sealed class ListLinks(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the links of one agent, or all that the caller may know of, by the two names. Throws <c>not_found</c> for an unknown agent.</summary>
    public Task<List<LinkOverview>> RunAsync(Caller caller, string? agentName, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => ListAsync(unit, caller, agentName), cancellationToken);
    }

    private async ValueTask<List<LinkOverview>> ListAsync(IUnitOfWork unit, Caller caller, string? agentName)
    {
        var now = time.GetUtcNow();
        var of = agentName is null ? null : (Guid?)(await AgentRules.FoundAsync(unit, caller.OrganizationId, agentName)).Id;
        var states = (await unit.Links.StatesAsync(caller.OrganizationId)).ToDictionary(state => state.LinkId);
        var agents = (await unit.Agents.ListAsync(caller.OrganizationId)).ToDictionary(agent => agent.Id);
        var overviews = new List<LinkOverview>();
        foreach (var link in await unit.Links.ListAsync(caller.OrganizationId, caller.IsAgent ? caller.Id : of))
        {
            // A link of a removed agent is switched off for good and left out.
            if (agents.TryGetValue(link.AgentA, out var one) && agents.TryGetValue(link.AgentB, out var other) && LinkRules.MaySee(caller, one, other)
                && (of is null || of == one.Id || of == other.Id))
            {
                var turned = other.Id == (caller.IsAgent ? caller.Id : of);
                overviews.Add(LinkOverview.From(link, turned ? other : one, turned ? one : other, states.GetValueOrDefault(link.Id), now));
            }
        }

        overviews.Sort((x, y) => string.CompareOrdinal($"{x.AgentName} {x.PeerName}", $"{y.AgentName} {y.PeerName}"));
        return overviews;
    }
}
