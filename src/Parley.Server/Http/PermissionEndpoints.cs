using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Permissions;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>What programs of hosted agents ask a person for.</summary>
internal static class PermissionEndpoints
{
    public static void MapPermissions(this RouteGroupBuilder api)
    {
        var permissions = api.MapGroup("/permissions").WithTags("Permissions");
        permissions.MapGet("/", ListAsync).Document("List questions for permission", "What programs of hosted agents want to do and wait for, oldest first; with 'all=true' the newest whatever became of them. Persons only.", response: HostingExamples.Permissions);
        permissions.MapPost("/{id}/allow", (Guid id, DecidePermission decide, Caller caller, CancellationToken cancellationToken) => DecideAsync(id, true, decide, caller, cancellationToken))
            .Document("Allow it", "Once. The agent's owner or an admin. 409 where it was decided or its time is over.", response: HostingExamples.Allowed);
        permissions.MapPost("/{id}/deny", (Guid id, DecidePermission decide, Caller caller, CancellationToken cancellationToken) => DecideAsync(id, false, decide, caller, cancellationToken))
            .Document("Deny it", "The agent's owner or an admin. 409 where it was decided or its time is over.", response: HostingExamples.Allowed with { State = "denied" });
    }

    private static async Task<ListOf<PermissionView>> ListAsync(bool? all, ListPermissions list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, all ?? false, cancellationToken), ToView);

    private static async Task<PermissionView> DecideAsync(Guid id, bool allow, DecidePermission decide, Caller caller, CancellationToken cancellationToken) =>
        ToView(await decide.RunAsync(caller, id, allow, cancellationToken));

    private static PermissionView ToView(Permission asked) => new(
        asked.Id, asked.AgentName, asked.SessionId, asked.TurnId, asked.Title, asked.Kind, asked.Detail, asked.State.ToString().ToLowerInvariant(), asked.DecidedBy, asked.CreatedAt,
        asked.ExpiresAt, asked.DecidedAt);
}
