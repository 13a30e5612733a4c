using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core.Halts;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>What people decide: the kill switch, holds, dead letters, what needs attention.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this RouteGroupBuilder api)
    {
        var halts = api.MapGroup("/halts").WithTags("Kill switch");
        halts.MapGet("/", HaltsAsync).Document("List halts", "What is halted in the organization and on the server.", response: Examples.Halts);
        halts.MapPost("/", HaltAsync).Document("Halt", "An agent, link, project, the organization or the server: sends are refused within two seconds on every node; messages are kept.", Examples.Halt, Examples.Halted);
        halts.MapDelete("/{scope}", ReleaseAsync).Document("Release the organization or the server", "Sending goes on.");
        halts.MapDelete("/{scope}/{target}", ReleaseTargetAsync).Document("Release a halt", "By the agent's or project's name, or the link's id.");

        var holds = api.MapGroup("/holds").WithTags("Holds");
        holds.MapGet("/", HoldsAsync).Document("List held messages", "What waits for a person, oldest first.", response: Examples.Holds);
        holds.MapPost("/{message}/approve", ApproveAsync).Document("Approve a held message", "With 'content' it goes with that text instead.", Examples.Approve);
        holds.MapPost("/{message}/refuse", RefuseAsync).Document("Refuse a held message", "Its sender is told why.", Examples.Refuse);
        holds.MapGet("/rules", HoldRulesAsync).Document("List what is on hold", "The types, agents and links whose messages wait for a person. An agent is put on hold with PATCH /agents/{name}, a link with PATCH /links/{id}.", response: Examples.HoldRules);
        holds.MapPut("/types/{type}", HoldTypeAsync).Document("Put a type on hold", "Messages of that type wait for a person, whichever agent of the organization sends them. Admins only.");
        holds.MapDelete("/types/{type}", ReleaseTypeAsync).Document("Take a type off hold", "What waits already goes on waiting for a decision. Admins only.");

        api.MapGet("/attention", AttentionAsync).WithTags("Attention").Document("What needs a person", "Overdue replies and dead letters, oldest first.", response: Examples.Attention);
        api.MapPost("/attention/{id}/resolve", ResolveAsync).WithTags("Attention").Document("Deal with it", "It is taken off the list.");
        api.MapGet("/obligations", ObligationsAsync).WithTags("Attention").Document("Replies that are owed", "The most urgent first; an agent sees its own.", response: Examples.Obligations);

        var dead = api.MapGroup("/dead").WithTags("Dead letters");
        dead.MapGet("/", DeadAsync).Document("List dead letters", "Deliveries that their recipients could not process, newest first.", response: Examples.Dead);
        dead.MapPost("/{message}/{agent}/retry", RetryAsync).Document("Deliver a dead letter again", "Under a new number of the recipient's inbox.");
    }

    private static async Task<ListOf<HaltView>> HaltsAsync(ListHalts list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), halt => ToView(halt.Halt, halt.TargetName, halt.Durable));

    private static async Task<Created<HaltView>> HaltAsync(JsonBody<HaltRequest> body, PullHalt pull, Caller caller, CancellationToken cancellationToken)
    {
        var (scope, target, reason) = body.Value;
        var (halt, durable) = await pull.RunAsync(caller, WireNames.HaltScopeOf(scope), target, reason, cancellationToken);
        return TypedResults.Created((string?)null, ToView(halt, target ?? "", durable));
    }

    private static Task<NoContent> ReleaseAsync(string scope, ReleaseHalt release, Caller caller, CancellationToken cancellationToken) =>
        ReleaseTargetAsync(scope, null, release, caller, cancellationToken);

    private static async Task<NoContent> ReleaseTargetAsync(string scope, string? target, ReleaseHalt release, Caller caller, CancellationToken cancellationToken)
    {
        await release.RunAsync(caller, WireNames.HaltScopeOf(scope), target, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ListOf<HeldMessage>> HoldsAsync(DecideHold holds, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await holds.ListAsync(caller, cancellationToken), held => new HeldMessage(MessageMapping.ToView(held.Message), held.Recipients));

    private static async Task<NoContent> ApproveAsync(Guid message, JsonBody<HoldDecision> body, DecideHold holds, Caller caller, CancellationToken cancellationToken)
    {
        await holds.ApproveAsync(caller, message, body.Value.Content, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RefuseAsync(Guid message, JsonBody<HoldDecision> body, DecideHold holds, Caller caller, CancellationToken cancellationToken)
    {
        await holds.RefuseAsync(caller, message, body.Value.Reason, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<HoldRulesView> HoldRulesAsync(ListHolds list, Caller caller, CancellationToken cancellationToken)
    {
        var holds = await list.RunAsync(caller, cancellationToken);
        return new HoldRulesView(
            WireNames.Of(holds.Types), [.. holds.Agents.Select(agent => agent.Name)], [.. holds.Links.Select(link => new HeldLink(link.Link.Id, link.Agent, link.Peer))]);
    }

    private static async Task<NoContent> HoldTypeAsync(string type, HoldType hold, Caller caller, CancellationToken cancellationToken)
    {
        await hold.RunAsync(caller, type, on: true, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ReleaseTypeAsync(string type, HoldType hold, Caller caller, CancellationToken cancellationToken)
    {
        await hold.RunAsync(caller, type, on: false, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ListOf<AttentionView>> AttentionAsync(NeedsAttention attention, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await attention.ListAsync(caller, cancellationToken), item => new AttentionView(item.Id, item.Kind, item.Text, item.MessageId, item.At));

    private static async Task<NoContent> ResolveAsync(Guid id, NeedsAttention attention, Caller caller, CancellationToken cancellationToken)
    {
        await attention.ResolveAsync(caller, id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ListOf<ObligationView>> ObligationsAsync(NeedsAttention attention, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await attention.ObligationsAsync(caller, cancellationToken), owed => new ObligationView(owed.MessageId, owed.AgentName, owed.ReplyBy, owed.RemindedAt));

    private static async Task<ListOf<DeliveryView>> DeadAsync(int? limit, DeadLetters dead, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await dead.ListAsync(caller, Page.Limit(limit, 100), cancellationToken), letter => MessageMapping.ToView(letter.Delivery));

    private static async Task<NoContent> RetryAsync(Guid message, string agent, DeadLetters dead, Caller caller, CancellationToken cancellationToken)
    {
        await dead.RetryAsync(caller, message, agent, cancellationToken);
        return TypedResults.NoContent();
    }

    private static HaltView ToView(Halt halt, string target, bool durable) => new(WireNames.Of(halt.Scope), target, halt.Reason, halt.By, halt.At, durable);
}
