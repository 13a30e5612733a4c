using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Links;

namespace Parley.Server.Mcp;

/// <summary>An agent of the organization, with the credits left where the caller is linked with it.</summary>
internal sealed class AgentResource(FindAgent find, ListAgents agents, ListLinks links) : IMcpResource
{
    private const string Start = "parley://agents/";

    /// <inheritdoc/>
    public string Prefix => Start;

    /// <inheritdoc/>
    public ResourceTemplate? Template { get; } = McpResources.TemplateOf(Start + "{name}", "agent", "An agent: what it does, whether it is halted, and the credits left between you and it.");

    /// <summary>The names that an address can end with.</summary>
    public async Task<IEnumerable<string>> NamesAsync(Caller caller, CancellationToken cancellationToken) =>
        (await ReachableAsync(caller, cancellationToken)).Select(link => link.PeerName).Append(caller.IsAgent ? caller.Name : "").Where(name => name.Length > 0).Distinct();

    /// <inheritdoc/>
    public async Task<IEnumerable<Resource>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var known = (await agents.RunAsync(caller, new AgentQuery(), cancellationToken)).ToDictionary(overview => overview.Agent.Name, overview => overview.Agent.Description, StringComparer.Ordinal);
        return (await NamesAsync(caller, cancellationToken)).Select(name => McpResources.Of(Start + name, name, known.GetValueOrDefault(name) is { Length: > 0 } about ? about : $"The agent {name}."));
    }

    /// <inheritdoc/>
    public async Task<JsonObject> ReadAsync(Caller caller, string key, CancellationToken cancellationToken)
    {
        var agent = await find.RunAsync(caller, key, cancellationToken);
        var shown = ContactAnswers.Of(agent);
        if (agent.Agent.Id == caller.Id)
        {
            shown["unread"] = agent.Unread;
        }
        else if ((await ReachableAsync(caller, cancellationToken)).FirstOrDefault(link => caller.IsAgent && link.PeerName == agent.Agent.Name) is { } link)
        {
            ContactAnswers.AddCredits(shown, link);
        }

        return shown;
    }

    /// <inheritdoc/>
    public async Task<string> StampAsync(Caller caller, string key, CancellationToken cancellationToken) => (await ReadAsync(caller, key, cancellationToken)).ToJsonString();

    private async Task<IEnumerable<LinkOverview>> ReachableAsync(Caller caller, CancellationToken cancellationToken) =>
        (await links.RunAsync(caller, agentName: null, cancellationToken)).Where(link => link.Link.Settings.Enabled);
}
