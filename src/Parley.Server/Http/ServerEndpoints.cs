using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Nodes;
using Parley.Core.Organizations;
using Parley.Server.Live;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;
using Parley.Server.Security;

namespace Parley.Server.Http;

/// <summary>What the server is, how it is, and who is asking.</summary>
internal static class ServerEndpoints
{
    public static void MapServer(this RouteGroupBuilder api)
    {
        api.MapGet("/server", Server).WithTags("Server").Document("What the server is", "Version, database, durability and health.", response: Examples.Server);
        api.MapGet("/config", Config).WithTags("Server").Document("What the server is configured with", "Every key with the value that holds, where it comes from, and the faults of the file as it is now. Admins only.", response: Examples.Config);
        api.MapGet("/me", MeAsync).WithTags("Server").Document("Who the token speaks for", "Taken from the token alone.", response: Examples.Me);
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Server").WithMetadata(NoTokenNeeded.Mark);
        health.MapGet("/live", () => new HealthAnswer("live", null)).Document("Whether the process runs", "Needs no token.", response: new HealthAnswer("live", null));
        health.MapGet("/ready", Ready).Document("Whether sends are accepted", "Needs no token; 503 with the reason where they are not.", response: new HealthAnswer("ready", null));
    }

    private static ServerInfo Server(IDatabase database, ConnectionList connections, StartTime start) => new(
        ProductVersion.Current, database.IsPostgres ? "postgres" : "sqlite", database.Durability, database.Epoch, start.At, connections.Count, WireNames.Of(database.Health.State));

    private static ConfigView Config(IRunningConfig config, Caller caller)
    {
        caller.RequirePerson(Role.Admin);
        caller.Require(Scopes.Read);
        return config.Read();
    }

    private static async Task<Me> MeAsync(IDatabase database, Caller caller, CancellationToken cancellationToken)
    {
        var organization = await database.ReadAsync(unit => unit.Organizations.FindAsync(caller.OrganizationId), cancellationToken);
        return new Me(WireNames.Of(caller.Kind), caller.Name, organization!.Name, WireNames.Of(caller.Role), WireNames.Of(caller.Scopes));
    }

    private static JsonHttpResult<HealthAnswer> Ready(IDatabase database, Stopping stopping, ThisNode node)
    {
        var health = database.Health;
        var (status, reason) = stopping.Token.IsCancellationRequested ? ("stopping", "The server is stopping.")
            : node.IsDraining ? ("draining", "The server is being emptied; others on its database go on.")
            : (WireNames.Of(health.State), health.Reason);
        return TypedResults.Json(new HealthAnswer(status, reason), statusCode: status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>How the server is.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, <c>full</c>, <c>faulted</c>, <c>draining</c> or <c>stopping</c>.</param>
/// <param name="Reason">Why it is not ready.</param>
internal sealed record HealthAnswer(string Status, string? Reason);

/// <summary>When this node started.</summary>
internal sealed record StartTime(DateTimeOffset At);
