using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;
using Parley.Server.Http;
using Parley.Server.Live;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;
using Parley.Server.Security;
using Parley.Server.WebSockets;

namespace Parley.Server.Console;

/// <summary>Signing in to the console, and what only the console asks for.</summary>
internal static class ConsoleEndpoints
{
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(20);

    public static void MapConsole(this RouteGroupBuilder api)
    {
        var console = api.MapGroup("/console").WithTags("Console");
        console.MapPost("/links", LinkAsync).Document(
            "Make a link that opens the console", "It signs in one browser, once: the caller's within an hour; somebody else's is an invitation that lasts seven days, and for admins to make.", ConsoleExamples.LinkFor, ConsoleExamples.Link);
        console.MapPost("/sign-in", SignInAsync).WithMetadata(NoTokenNeeded.Mark).Document(
            "Sign a browser in", "Exchanges a link for a session in a cookie (HttpOnly, SameSite=Strict).", ConsoleExamples.SignIn, ConsoleExamples.Session);
        console.MapPost("/sign-out", SignOutAsync).Document("Sign this browser out", "Ends the session of the cookie.");
        console.MapGet("/sessions", SessionsAsync).Document("List the browsers that are signed in", "A member sees their own. Persons only.", response: ConsoleExamples.Sessions);
        console.MapDelete("/sessions/{id}", RevokeAsync).Document("Sign a browser out", "It acts within two seconds.");
        console.MapGet("/turns", TurnsAsync).Document("What hosted agents think about now", "The turns that run now on all nodes, the oldest first. Persons only.", response: ConsoleExamples.Turns);
        console.MapGet("/rate", RateAsync).Document("How many messages were accepted lately", "On all nodes, in steps of some seconds over the last ten minutes. Persons only.", response: ConsoleExamples.Rate);
    }

    public static void MapConsoleSocket(this IEndpointRouteBuilder routes) => routes.MapGet("/ws/console", OpenAsync).ExcludeFromDescription();

    private static async Task<Created<ConsoleLink>> LinkAsync(JsonBody<ConsoleLinkRequest> body, CreateSignInLink create, Caller caller, CancellationToken cancellationToken)
    {
        var issued = await create.RunAsync(caller, body.Value.User, cancellationToken);
        return TypedResults.Created((string?)null, new ConsoleLink($"/sign-in#{issued.Secret}", issued.Name, issued.Link.ExpiresAt));
    }

    private static async Task<ConsoleSessionView> SignInAsync(HttpContext context, JsonBody<SignInRequest> body, SignIn signIn, SignInRate rate, CancellationToken cancellationToken)
    {
        ConsoleCookie.CheckOrigin(context.Request);
        rate.Count(context.Connection.RemoteIpAddress?.ToString() ?? "");
        var session = await signIn.RunAsync(body.Value.Link, BrowserName.Of(context.Request.Headers.UserAgent), cancellationToken);
        ConsoleCookie.Set(context.Response, session.Secret, session.Token.ExpiresAt);
        return new ConsoleSessionView(session.Token.Id, session.Name, session.Token.Label, session.Token.CreatedAt, session.Token.ExpiresAt, Current: true);
    }

    private static async Task<NoContent> SignOutAsync(HttpContext context, SignOut signOut, TokenCache tokens, Caller caller, CancellationToken cancellationToken)
    {
        await signOut.RunAsync(caller, cancellationToken);
        tokens.Forget(caller.TokenId);
        ConsoleCookie.Clear(context.Response);
        return TypedResults.NoContent();
    }

    private static async Task<ListOf<ConsoleSessionView>> SessionsAsync(ListConsoleSessions list, Caller caller, CancellationToken cancellationToken) => ChannelMapping.ToList(
        await list.RunAsync(caller, cancellationToken),
        owner => new ConsoleSessionView(owner.Token.Id, owner.Name, owner.Token.Label, owner.Token.CreatedAt, owner.Token.ExpiresAt, owner.Token.Id == caller.TokenId));

    private static async Task<NoContent> RevokeAsync(Guid id, RevokeToken revoke, TokenCache tokens, Caller caller, CancellationToken cancellationToken)
    {
        await revoke.RunAsync(caller, id, cancellationToken);
        tokens.Forget(id);
        return TypedResults.NoContent();
    }

    private static async Task<ListOf<RunningTurnView>> TurnsAsync(ListRunningTurns list, ConsoleHub hub, Caller caller, CancellationToken cancellationToken) => ChannelMapping.ToList(
        await list.RunAsync(caller, cancellationToken),
        owned => new RunningTurnView(owned.Turn.Id, owned.AgentName, owned.Turn.ConversationId, owned.Turn.Depth, owned.Turn.CreatedAt, hub.ToolOf(owned.Turn.Id), owned.Node, owned.Turn.Model));

    private static async Task<MessageRateView> RateAsync(ReadMessageRate rate, Caller caller, CancellationToken cancellationToken) =>
        new((int)ReadMessageRate.Step.TotalSeconds, await rate.RunAsync(caller, cancellationToken));

    private static async Task OpenAsync(HttpContext context, ConsoleHub hub, ConnectionList connections, IDatabase database, TimeProvider time, Caller caller)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new ParleyError(ErrorCode.InvalidRequest, "This address speaks WebSocket only.", "It is the console's own; programs connect to /ws/agent/messages/{project}.");
        }

        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var hash = TokenSecret.Hash(BearerToken.Of(context.Request));
        var expires = (await database.ReadAsync(unit => unit.Tokens.FindAsync(hash), context.RequestAborted))?.Token.ExpiresAt;
        using var place = connections.Reserve(caller.TokenId);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Ping, KeepAliveTimeout = Ping });
        var stream = ((QueuedUpgrade)context.Features.Get<IHttpUpgradeFeature>()!).Stream!;
        var opening = new SocketOpening(socket, new SocketOutput(stream.Queue, database.Epoch), caller, expires, Project: null, Strict: true, time);
        using var session = new ConsoleSocket(opening, hub, database.Epoch);
        if (connections.Add(session, place) is { } refusal)
        {
            await session.RefuseAsync(refusal.Code, refusal.Message);
            return;
        }

        try
        {
            await session.RunAsync();
        }
        finally
        {
            connections.Remove(session);
        }
    }
}

/// <summary>How many links an address may try in a second.</summary>
internal sealed class SignInRate(TimeProvider time)
{
    private const int PerSecond = 20;
    private readonly RateWindow<string> window = new(PerSecond, time);

    /// <summary>Counts a try; throws <c>rate_limited</c>.</summary>
    public void Count(string address) => window.Count(address, "This address");
}
