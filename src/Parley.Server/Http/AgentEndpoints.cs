using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core.Sessions;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Remotes;
using Parley.Server.Live;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Agents.</summary>
internal static class AgentEndpoints
{
    public static void MapAgents(this RouteGroupBuilder api)
    {
        var agents = api.MapGroup("/agents").WithTags("Agents");
        agents.MapGet("/", ListAsync).Document("List agents", "Those of the organization; with 'skill' only those that have it, with 'q' those that its words are found in (name, aliases, skills, type, description), the best first.", response: Examples.Agents);
        agents.MapPost("/", AddAsync).Document("Add an agent", "It belongs to the person who adds it. Persons only.", Examples.AddAgent, Examples.Agent);
        agents.MapGet("/{name}", FindAsync).Document("Show an agent", "By name, alias or id.", response: Examples.Agent);
        agents.MapPatch("/{name}", EditAsync).Document("Change an agent", "What is absent stays. Its owner or an admin.", Examples.EditAgent, Examples.Agent);
        agents.MapDelete("/{name}", RemoveAsync).Document("Remove an agent", "Its tokens end and its links are switched off; its messages stay.");
        agents.MapGet("/{name}/doors", DoorsAsync).Document("By which doors an agent is connected", "Those by which it came in to this node since it started, and those on which Parley goes to it. Persons only.", response: Examples.Doors);
        agents.MapPost("/{name}/sql-role", SqlRoleAsync).Document("Make the agent's database role", "It speaks SQL as the agent, through agent_chat. The password is shown this once; a second call gives a new one. PostgreSQL only.", response: Examples.SqlRole);
        agents.MapDelete("/{name}/sql-role", EndSqlRoleAsync).Document("End the agent's database role", "At once, also in sessions that are open.");
    }

    private static async Task<ListOf<AgentView>> ListAsync(string? skill, string? q, ListAgents list, LiveConnections live, Activities activities, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, new AgentQuery(skill, q), cancellationToken), agent => AgentMapping.ToView(agent, live, activities));

    private static async Task<Created<AgentView>> AddAsync(
        JsonBody<AddAgentRequest> body, AddAgent add, FindAgent find, LiveConnections live, Activities activities, Caller caller, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var agent = await add.RunAsync(caller, new AddAgentInput(request.Name ?? "", request.Type, request.Description, request.Project, request.Aliases, request.Skills), cancellationToken);
        return TypedResults.Created($"/api/v1/agents/{agent.Name}", AgentMapping.ToView(await find.RunAsync(caller, agent.Name, cancellationToken), live, activities));
    }

    private static async Task<ListOf<DoorView>> DoorsAsync(string name, ReadDoors read, Doors doors, Caller caller, CancellationToken cancellationToken)
    {
        var found = await read.RunAsync(caller, name, cancellationToken);
        return new ListOf<DoorView>([.. AgentMapping.ToDoors(found), .. doors.Of(found.Agent.Id).Select(AgentMapping.ToView)]);
    }

    private static async Task<SqlRoleView> SqlRoleAsync(string name, CreateSqlRole create, Caller caller, CancellationToken cancellationToken)
    {
        var issued = await create.RunAsync(caller, name, cancellationToken);
        return new SqlRoleView(issued.Role.Name, issued.Password, $"PGPASSWORD='{issued.Password}' psql \"{issued.Role.Connection}\"");
    }

    private static async Task<NoContent> EndSqlRoleAsync(string name, RevokeSqlRole revoke, Caller caller, CancellationToken cancellationToken)
    {
        await revoke.RunAsync(caller, name, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<AgentView> FindAsync(string name, FindAgent find, LiveConnections live, Activities activities, Caller caller, CancellationToken cancellationToken) =>
        AgentMapping.ToView(await find.RunAsync(caller, name, cancellationToken), live, activities);

    private static async Task<AgentView> EditAsync(
        string name, JsonBody<EditAgentRequest> body, EditAgent edit, FindAgent find, LiveConnections live, Activities activities, Caller caller, CancellationToken cancellationToken)
    {
        var agent = await edit.RunAsync(caller, name, new EditAgentInput(body.Value.Type, body.Value.Description, body.Value.Hold, body.Value.Aliases, body.Value.Skills), cancellationToken);
        return AgentMapping.ToView(await find.RunAsync(caller, agent.Name, cancellationToken), live, activities);
    }

    private static async Task<NoContent> RemoveAsync(string name, RemoveAgent remove, Caller caller, CancellationToken cancellationToken)
    {
        await remove.RunAsync(caller, name, cancellationToken);
        return TypedResults.NoContent();
    }
}
