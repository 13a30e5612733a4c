using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Agents of the organization.</summary>
public sealed class AgentCalls
{
    private const string Path = "/api/v1/agents";
    private readonly Api api;

    internal AgentCalls(Api api) => this.api = api;

    /// <summary>The agents that the token can see.</summary>
    public Task<ListOf<AgentView>> ListAsync(CancellationToken cancellation = default) =>
        api.GetAsync(Path, WireJson.Default.ListOfAgentView, cancellation);

    /// <summary>The agents with that skill, or all; with a text only those that its words are found in, the best first.</summary>
    public Task<ListOf<AgentView>> ListAsync(string? skill, string? text = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query(Path).With("skill", skill).With("q", text).ToString(), WireJson.Default.ListOfAgentView, cancellation);

    /// <summary>One agent by its name or alias.</summary>
    public Task<AgentView> ReadAsync(string name, CancellationToken cancellation = default) =>
        api.GetAsync($"{Path}/{Query.Segment(name)}", WireJson.Default.AgentView, cancellation);

    /// <summary>By which doors an agent is connected. Persons only.</summary>
    public Task<ListOf<DoorView>> ListDoorsAsync(string name, CancellationToken cancellation = default) =>
        api.GetAsync($"{Path}/{Query.Segment(name)}/doors", WireJson.Default.ListOfDoorView, cancellation);

    /// <summary>Adds an agent.</summary>
    public Task<AgentView> AddAsync(AddAgentRequest agent, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, agent, WireJson.Default.AddAgentRequest, WireJson.Default.AgentView, cancellation);

    /// <summary>Changes an agent; what is absent stays.</summary>
    public Task<AgentView> EditAsync(string name, EditAgentRequest change, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Patch, $"{Path}/{Query.Segment(name)}", change, WireJson.Default.EditAgentRequest, WireJson.Default.AgentView, cancellation);

    /// <summary>Removes an agent: its tokens end, its links are switched off, its messages stay.</summary>
    public Task RemoveAsync(string name, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, $"{Path}/{Query.Segment(name)}", cancellation);

    /// <summary>Says what the token's agent does: <c>busy</c>, <c>idle</c> or <c>gone</c>. Say it again every ten seconds.</summary>
    public Task SayActivityAsync(string state, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Put, "/api/v1/me/activity", new ActivityRequest(state), WireJson.Default.ActivityRequest, cancellation);

    /// <summary>Makes, or makes anew, the database role through which the agent speaks SQL. PostgreSQL only.</summary>
    public Task<SqlRoleView> CreateSqlRoleAsync(string name, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, $"{Path}/{Query.Segment(name)}/sql-role"), WireJson.Default.SqlRoleView, default, cancellation);
}
