using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Sessions;
using Parley.Core.Tasks;
using Parley.Server.Security;

namespace Parley.Server.A2a;

/// <summary>The addresses of A2A: the server's own agent at <c>/a2a</c>, every agent, channel and meeting below it.</summary>
internal static class A2aEndpoints
{
    private const string Card = "/.well-known/agent-card.json";

    public static void AddA2a(this IServiceCollection services)
    {
        services.AddSingleton<FollowTasks>().AddSingleton<IMessageFollower>(all => all.GetRequiredService<FollowTasks>()).AddSingleton<ISessionFollower>(all => all.GetRequiredService<FollowTasks>());
        services.AddSingleton<SendTask>().AddSingleton<ReadTask>().AddSingleton<ReadAskedTasks>().AddSingleton<EndTasks>().AddSingleton<ListTasks>().AddSingleton<CancelTask>().AddSingleton<ReadCard>();
        services.AddSingleton<CardBook>().AddSingleton<CardDoor>().AddSingleton<PublicDirectory>().AddSingleton<TaskWait>().AddSingleton<StreamServices>().AddSingleton<A2aOperations>().AddSingleton<PushOperations>();
        services.AddSingleton<PushForms>().AddSingleton<AddPush>().AddSingleton<ListPushes>().AddSingleton<RemovePush>().AddSingleton<IPushBody, PushBody>().AddSingleton<CallPushes>();
        services.AddSingleton<RpcMethods>().AddSingleton<LegacyMethods>().AddSingleton<RpcDoor>().AddSingleton<RestDoor>();
    }

    public static void MapA2a(this IEndpointRouteBuilder routes)
    {
        var cards = routes.MapGroup("");
        cards.WithMetadata(NoTokenNeeded.Mark).ExcludeFromDescription();
        cards.MapGet(Card, (HttpContext context, CardDoor door) => door.GetAsync(context, agent: null));
        cards.MapGet("/a2a" + Card, (HttpContext context, CardDoor door) => door.GetAsync(context, agent: null));
        cards.MapGet("/a2a/{agent}" + Card, (HttpContext context, string agent, CardDoor door) => door.GetAsync(context, agent));
        cards.MapGet("/a2a/{agent}/agent-card.json", (HttpContext context, string agent, CardDoor door) => door.GetAsync(context, agent));
        var door = routes.MapGroup("/a2a");
        door.ExcludeFromDescription().DisableRequestTimeout();
        door.MapPost("", (HttpContext context, RpcDoor rpc, Caller caller) => rpc.PostAsync(context, agent: null, caller));
        door.MapPost("/message:send", (HttpContext context, RestDoor rest, Caller caller) => rest.SendAsync(context, agent: null, caller));
        door.MapPost("/message:stream", (HttpContext context, RestDoor rest, Caller caller) => rest.StreamAsync(context, agent: null, caller));
        door.MapGet("/extendedAgentCard", (HttpContext context, RestDoor rest, Caller caller) => rest.CardAsync(context, agent: null, caller));
        MapAgent(door.MapGroup("/{agent}"));
    }

    private static void MapAgent(RouteGroupBuilder agents)
    {
        agents.MapPost("", (HttpContext context, string agent, RpcDoor rpc, Caller caller) => rpc.PostAsync(context, agent, caller));
        agents.MapPost("/message:send", (HttpContext context, string agent, RestDoor rest, Caller caller) => rest.SendAsync(context, agent, caller));
        agents.MapPost("/message:stream", (HttpContext context, string agent, RestDoor rest, Caller caller) => rest.StreamAsync(context, agent, caller));
        agents.MapGet("/extendedAgentCard", (HttpContext context, string agent, RestDoor rest, Caller caller) => rest.CardAsync(context, agent, caller));
        agents.MapGet("/tasks", (HttpContext context, string agent, RestDoor rest, Caller caller) => rest.ListAsync(context, agent, caller));
        agents.MapGet("/tasks/{id}", (HttpContext context, string agent, string id, RestDoor rest, Caller caller) => rest.GetAsync(context, agent, id, caller));
        agents.MapPost("/tasks/{id}:cancel", (HttpContext context, string agent, string id, RestDoor rest, Caller caller) => rest.CancelAsync(context, agent, id, caller));
        agents.MapMethods(
            "/tasks/{id}:subscribe", [HttpMethods.Get, HttpMethods.Post], (HttpContext context, string agent, string id, RestDoor rest, Caller caller) => rest.SubscribeAsync(context, agent, id, caller));
        agents.MapPost("/tasks/{id}/pushNotificationConfigs", (HttpContext context, string agent, string id, RestDoor rest, Caller caller) => rest.AddPushAsync(context, agent, id, caller));
        agents.MapGet("/tasks/{id}/pushNotificationConfigs", (HttpContext context, string agent, string id, RestDoor rest, Caller caller) => rest.ListPushesAsync(context, agent, id, caller));
        agents.MapGet("/tasks/{id}/pushNotificationConfigs/{config}", (HttpContext context, string agent, string id, string config, RestDoor rest, Caller caller) => rest.GetPushAsync(context, agent, id, config, caller));
        agents.MapDelete("/tasks/{id}/pushNotificationConfigs/{config}", (HttpContext context, string agent, string id, string config, RestDoor rest, Caller caller) => rest.RemovePushAsync(context, agent, id, config, caller));
    }
}
