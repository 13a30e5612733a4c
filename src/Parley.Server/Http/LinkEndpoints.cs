using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Links: who may message whom.</summary>
internal static class LinkEndpoints
{
    public static void MapLinks(this RouteGroupBuilder api)
    {
        var links = api.MapGroup("/links").WithTags("Links");
        links.MapGet("/", ListAsync).Document("List links", "With their credits; an agent sees its own. 'agent' narrows it to one agent's.", response: Examples.Links);
        links.MapPost("/", CreateAsync).Document("Link two agents", "They may message each other from now on, within the quota. Persons only.", Examples.CreateLink, Examples.Link);
        links.MapGet("/{id}", FindAsync).Document("Show a link", "With its credits.", response: Examples.Link);
        links.MapPatch("/{id}", EditAsync).Document("Change a link", "What is absent stays; a changed quota counts at once.", Examples.EditLink, Examples.Link);
        links.MapDelete("/{id}", RemoveAsync).Document("Remove a link", "Its conversation stays.");
    }

    private static async Task<ListOf<LinkView>> ListAsync(string? agent, ListLinks list, HaltBoard halts, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, agent, cancellationToken), link => AgentMapping.ToView(link, halts));

    private static async Task<Created<LinkView>> CreateAsync(JsonBody<CreateLinkRequest> body, CreateLink create, HaltBoard halts, Caller caller, CancellationToken cancellationToken)
    {
        var (agent, peer, settings) = body.Value;
        var link = await create.RunAsync(caller, agent ?? "", peer ?? "", AgentMapping.Apply(settings, new LinkSettings()), cancellationToken);
        return TypedResults.Created($"/api/v1/links/{link.Link.Id}", AgentMapping.ToView(link, halts));
    }

    private static async Task<LinkView> FindAsync(Guid id, FindLink find, HaltBoard halts, Caller caller, CancellationToken cancellationToken) =>
        AgentMapping.ToView(await find.RunAsync(caller, id, cancellationToken), halts);

    private static async Task<LinkView> EditAsync(Guid id, JsonBody<LinkSettingsPatch> body, EditLink edit, HaltBoard halts, Caller caller, CancellationToken cancellationToken) =>
        AgentMapping.ToView(await edit.RunAsync(caller, id, settings => AgentMapping.Apply(body.Value, settings), cancellationToken), halts);

    private static async Task<NoContent> RemoveAsync(Guid id, RemoveLink remove, Caller caller, CancellationToken cancellationToken)
    {
        await remove.RunAsync(caller, id, cancellationToken);
        return TypedResults.NoContent();
    }
}
