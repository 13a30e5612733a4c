using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Parley.Core;
using Parley.Core.Channels;
using Parley.Core.Organizations;
using Parley.Server.Live;
using Parley.Server.Security;

namespace Parley.Server.WebSockets;

/// <summary>The WebSocket's address of the founding document.</summary>
internal sealed class SocketEndpoint(EnterProject enter, ConnectionList connections, SocketServices services, TimeProvider time)
{
    /// <summary>The subprotocol of clients that know more than the founding document.</summary>
    public const string Protocol = "parley.v1";

    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ws/agent/messages/{project}", (HttpContext context, SocketEndpoint door, Caller caller, string project) => door.RunAsync(context, caller, project)).ExcludeFromDescription();
        routes.MapGet("/ws", (HttpContext context, SocketEndpoint door, Caller caller) => door.RunAsync(context, caller, project: null)).ExcludeFromDescription();
    }

    private async Task RunAsync(HttpContext context, Caller caller, string? project)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new ParleyError(ErrorCode.InvalidRequest, "This address speaks WebSocket only.", "Connect with a WebSocket client; over HTTP use /api/v1/messages and /api/v1/inbox.");
        }

        CheckAgent(context.Request.Query["agent_id"], caller);
        caller.Require(Scopes.Read);
        var entered = project is null ? null : await enter.RunAsync(caller, project, context.RequestAborted);
        if (entered is null && !caller.IsAgent)
        {
            throw ParleyError.Invalid("project", "A person's connection needs a project.", "Connect to /ws/agent/messages/{project}.");
        }

        var expires = await ExpiryAsync(context);
        var channels = caller.IsAgent ? [] : await services.Database.ReadAsync(unit => unit.Conversations.ListChannelsAsync(entered!.Id), context.RequestAborted);
        var protocols = context.WebSockets.WebSocketRequestedProtocols;
        var strict = protocols.Contains(Protocol);
        using var place = connections.Reserve(caller.TokenId);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = strict ? Protocol : protocols.FirstOrDefault(name => name.StartsWith(BearerToken.SubprotocolPrefix, StringComparison.Ordinal)),
            KeepAliveInterval = Ping,
            KeepAliveTimeout = Ping,
        });
        var stream = ((QueuedUpgrade)context.Features.Get<IHttpUpgradeFeature>()!).Stream!;
        var opening = new SocketOpening(socket, new SocketOutput(stream.Queue, services.Database.Epoch), caller, expires, entered, strict, time) { Channels = channels };
        await RunAsync(opening, place, context.Request.Query["cursor"]);
    }

    private async Task RunAsync(SocketOpening opening, ConnectionPlace place, string? cursor)
    {
        using FrameDoor session = opening.Caller.IsAgent ? new AgentSocket(opening, services) : new ObserverSocket(opening, services, opening.Project!.Id);
        if (connections.Add(session, place) is { } refusal)
        {
            await session.RefuseAsync(refusal.Code, refusal.Message);
            return;
        }

        try
        {
            await (session is AgentSocket agent ? agent.RunAsync(cursor) : ((ObserverSocket)session).RunAsync());
        }
        catch (ParleyError error)
        {
            await session.ExplainAsync(error);
        }
        finally
        {
            connections.Remove(session);
        }
    }

    /// <summary>The sender comes from the token; the address may only repeat it.</summary>
    private static void CheckAgent(string? agentId, Caller caller)
    {
        if (!string.IsNullOrEmpty(agentId) && !(caller.IsAgent && (agentId.Equals(caller.Name, StringComparison.OrdinalIgnoreCase) || (Guid.TryParse(agentId, out var id) && id == caller.Id))))
        {
            throw new ParleyError(ErrorCode.Forbidden, "The agent_id is not the one that the token speaks for.", "Leave agent_id out, or use that agent's token.") { Field = "agent_id" };
        }
    }

    private async Task<DateTimeOffset?> ExpiryAsync(HttpContext context)
    {
        var hash = TokenSecret.Hash(BearerToken.Of(context.Request));
        return (await services.Database.ReadAsync(unit => unit.Tokens.FindAsync(hash), context.RequestAborted))?.Token.ExpiresAt;
    }
}
