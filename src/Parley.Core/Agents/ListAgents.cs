using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>An agent as others see it.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Halted">True where a person has halted it, its organization or the server.</param>
/// <param name="Unread">Messages it has not acknowledged; null for other agents, who may not know.</param>
public sealed record AgentOverview(Agent Agent, bool Halted, long? Unread)
{
    /// <summary>What the caller may see of the agent.</summary>
    public static AgentOverview For(Caller caller, Agent agent, InboxState? inbox, HaltBoard halts) => new(
        agent, halts.OfAgent(agent.OrganizationId, agent.Id) is not null,
        caller.IsAgent && caller.Id != agent.Id ? null : inbox is null ? 0 : inbox.Head - inbox.Cursor);
}

/// <summary>Which agents to list.</summary>
/// <param name="Skill">Only those with that skill.</param>
/// <param name="Text">Only those that its words are found in: name, aliases, skills, type, description.</param>
public sealed record AgentQuery(string? Skill = null, string? Text = null);

/// <summary>Lists the agents of the caller's organization.</summary>
public sealed class ListAgents(IDatabase database, HaltBoard halts)
{
    /// <summary>Returns the agents that are not removed, by name; those of a text the best first.</summary>
    public Task<List<AgentOverview>> RunAsync(Caller caller, AgentQuery query, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        var skill = query.Skill?.Trim().ToLowerInvariant();
        if (query.Text?.Length > Remark.Length)
        {
            throw ParleyError.Invalid("q", "The text to look for is too long.", $"Use at most {Remark.Length} characters.");
        }

        return database.ReadAsync(
            async unit =>
            {
                var inboxes = (await unit.Agents.InboxesAsync(caller.OrganizationId)).ToDictionary(inbox => inbox.AgentId);
                var agents = (await unit.Agents.ListAsync(caller.OrganizationId)).FindAll(agent => skill is null || agent.Skills.Contains(skill));
                agents = query.Text is { } text ? SearchRules.Ranked(agents, text) : agents;
                return agents.ConvertAll(agent => AgentOverview.For(caller, agent, inboxes.GetValueOrDefault(agent.Id), halts));
            },
            cancellationToken);
    }
}
