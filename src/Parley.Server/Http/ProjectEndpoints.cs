using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Channels;
using Parley.Core.Organizations;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Projects and their channels.</summary>
internal static class ProjectEndpoints
{
    public static void MapProjects(this RouteGroupBuilder api)
    {
        var projects = api.MapGroup("/projects").WithTags("Projects and channels");
        projects.MapGet("/", ListAsync).Document("List projects", "All for a person; an agent sees those it is in.", response: Examples.Projects);
        projects.MapPost("/", AddAsync).Document("Add a project", "With its channel #general. Persons only.", Examples.NewProject, Examples.Project);
        projects.MapGet("/{project}/channels", ChannelsAsync).Document("List a project's channels", "With their members.", response: Examples.Channels);
        projects.MapPost("/{project}/channels", CreateAsync).Document("Create a channel", "Persons only.", Examples.NewChannel, Examples.Channel);
        projects.MapPost("/{project}/channels/{channel}/members", JoinAsync).Document(
            "Join a channel", "A person adds any agent; an agent joins by itself the channels of projects it is in.", Examples.Join, Examples.Channel);
        projects.MapDelete("/{project}/channels/{channel}/members", LeaveAsync).Document("Leave a channel", "The calling agent leaves.", response: Examples.Channel);
        projects.MapDelete("/{project}/channels/{channel}/members/{agent}", RemoveMemberAsync).Document("Remove a member", "A person removes an agent from a channel.", response: Examples.Channel);
    }

    private static async Task<ListOf<ProjectView>> ListAsync(ListProjects list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), ChannelMapping.ToView);

    private static async Task<Created<ProjectView>> AddAsync(JsonBody<NameRequest> body, AddProject add, Caller caller, CancellationToken cancellationToken)
    {
        var project = await add.RunAsync(caller, body.Value.Name, cancellationToken);
        return TypedResults.Created($"/api/v1/projects/{project.Name}", ChannelMapping.ToView(project));
    }

    private static async Task<ListOf<ChannelView>> ChannelsAsync(string project, ListChannels list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, project, cancellationToken), ChannelMapping.ToView);

    private static async Task<Created<ChannelView>> CreateAsync(string project, JsonBody<NameRequest> body, CreateChannel create, Caller caller, CancellationToken cancellationToken)
    {
        var channel = ChannelMapping.ToView(await create.RunAsync(caller, project, body.Value.Name, cancellationToken));
        return TypedResults.Created($"/api/v1/projects/{channel.Project}/channels/{channel.Name}", channel);
    }

    private static async Task<ChannelView> JoinAsync(string project, string channel, JsonBody<MemberRequest> body, JoinChannel join, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToView(await join.RunAsync(caller, project, channel, body.Value.Agent, cancellationToken));

    private static async Task<ChannelView> LeaveAsync(string project, string channel, LeaveChannel leave, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToView(await leave.RunAsync(caller, project, channel, agent: null, cancellationToken));

    private static async Task<ChannelView> RemoveMemberAsync(string project, string channel, string agent, LeaveChannel leave, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToView(await leave.RunAsync(caller, project, channel, agent, cancellationToken));
}
