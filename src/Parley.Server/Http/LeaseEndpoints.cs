using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Channels;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Announced work on files.</summary>
internal static class LeaseEndpoints
{
    public static void MapLeases(this RouteGroupBuilder api)
    {
        var leases = api.MapGroup("/projects/{project}/leases").WithTags("File leases");
        leases.MapGet("/", ListAsync).Document("List announced work", "What is neither released nor over.", response: Examples.Leases);
        leases.MapPost("/", AnnounceAsync).Document("Announce work on files", "Overlaps are answered, and the other agents are told; nothing is locked.", Examples.Announce, Examples.Lease);
        leases.MapPatch("/{id}", ExtendAsync).Document("Extend an announcement", "By 'ttl' seconds from now.", Examples.Extend, Examples.Lease);
        leases.MapDelete("/{id}", ReleaseAsync).Document("Release an announcement", "The work is done.");
    }

    private static async Task<ListOf<LeaseView>> ListAsync(string project, ListFiles list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, project, cancellationToken), ChannelMapping.ToView);

    private static async Task<Created<LeaseView>> AnnounceAsync(string project, JsonBody<LeaseRequest> body, AnnounceFiles announce, Caller caller, CancellationToken cancellationToken)
    {
        var (paths, exclusive, note, ttl) = body.Value;
        var lease = await announce.RunAsync(caller, project, new LeaseInput(paths, exclusive ?? true, note, Seconds.ToTime(ttl, "ttl")), cancellationToken);
        return TypedResults.Created($"/api/v1/projects/{project}/leases/{lease.Lease.Id}", ChannelMapping.ToView(lease));
    }

    private static async Task<LeaseView> ExtendAsync(string project, Guid id, JsonBody<ExtendRequest> body, ExtendFiles extend, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToView(await extend.RunAsync(caller, project, id, Seconds.ToTime(body.Value.Ttl, "ttl"), cancellationToken));

    private static async Task<NoContent> ReleaseAsync(string project, Guid id, ReleaseFiles release, Caller caller, CancellationToken cancellationToken)
    {
        await release.RunAsync(caller, project, id, cancellationToken);
        return TypedResults.NoContent();
    }
}
