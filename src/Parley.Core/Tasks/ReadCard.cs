using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Tasks;

/// <summary>What is told of an agent or a group to those who look for one.</summary>
/// <param name="Target">Who it is.</param>
/// <param name="Description">One line about it; may be empty.</param>
/// <param name="Type">What the agent calls itself; empty for a group.</param>
/// <param name="Members">The agents of a group, by name; empty for an agent.</param>
/// <param name="Link">The caller's link with the agent, or null.</param>
public sealed record CardFacts(TaskTarget Target, string Description, string Type, IReadOnlyList<string> Members, LinkOverview? Link);

/// <summary>
/// Reads what a card says. Without a token only the agents of the first organization are told of, by name: their name, type and description. Groups, and the agents of other
/// organizations, are told to those who belong there.
/// </summary>
public sealed class ReadCard(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the facts. Throws <c>not_found</c> in the same words for what does not exist, may not be known, or is switched off.</summary>
    public Task<CardFacts> RunAsync(Caller? caller, string target, CancellationToken cancellationToken)
    {
        caller?.Require(Scopes.Read);
        return database.ReadAsync(unit => caller is null ? PublicAsync(unit, target) : OwnAsync(unit, caller, target), cancellationToken);
    }

    /// <summary>Throws <c>not_found</c> where A2A is switched off in the caller's organization, or without a caller in the first one.</summary>
    public Task CheckAsync(Caller? caller, CancellationToken cancellationToken) => database.ReadAsync(
        async unit =>
        {
            await TaskTarget.CheckFeatureAsync(unit, caller?.OrganizationId ?? await FirstAsync(unit));
            return true;
        },
        cancellationToken);

    private static async ValueTask<CardFacts> PublicAsync(IUnitOfWork unit, string target)
    {
        var organization = await FirstAsync(unit);
        await TaskTarget.CheckFeatureAsync(unit, organization);
        var name = target.ToLowerInvariant();
        var agent = Name.HasForm(name) ? await unit.Agents.FindAsync(organization, name) : null;
        return agent is null
            ? throw TaskTarget.NotFound()
            : new CardFacts(new TaskTarget(TaskKind.Peer, agent.Id, agent.Name, agent.Name, Project: null, agent), agent.Description, agent.Type, [], Link: null);
    }

    private async ValueTask<CardFacts> OwnAsync(IUnitOfWork unit, Caller caller, string name)
    {
        var target = await TaskTarget.FindAsync(unit, caller, name);
        if (target.Agent is { } agent)
        {
            return new CardFacts(target, agent.Description, agent.Type, [], await LinkAsync(unit, caller, agent));
        }

        var members = (await unit.Conversations.MembersAsync(target.Id)).ConvertAll(member => member.Name);
        var topic = target.Kind == TaskKind.Meeting ? (await unit.Meetings.FindAsync(caller.OrganizationId, target.Id))!.Topic : "";
        return new CardFacts(target, topic, Type: "", members, Link: null);
    }

    private async ValueTask<LinkOverview?> LinkAsync(IUnitOfWork unit, Caller caller, Agent agent) =>
        caller.IsAgent && await unit.Agents.FindAsync(caller.OrganizationId, caller.Id) is { } own && await unit.Links.FindAsync(caller.OrganizationId, caller.Id, agent.Id) is { } link
            ? LinkOverview.From(link, own, agent, await unit.Links.StateAsync(link.Id), time.GetUtcNow())
            : null;

    private static async ValueTask<Guid> FirstAsync(IUnitOfWork unit)
    {
        var organizations = await unit.Organizations.ListAsync();
        return (organizations.Find(organization => organization.Name == Bootstrap.DefaultName) ?? organizations.FirstOrDefault())?.Id ?? throw TaskTarget.NotFound();
    }
}
