using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;
using Parley.Server.Security;

namespace Parley.Server.Http;

/// <summary>Users, tokens, features and the audit log.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapGet("/users", UsersAsync).WithTags("People").Document("List users", "Persons only.", response: Examples.Users);
        api.MapPost("/users", AddUserAsync).WithTags("People").Document("Add a user", "Admins only.", Examples.AddUser, Examples.User);
        api.MapGet("/tokens", TokensAsync).WithTags("Tokens").Document("List tokens", "Without their secrets.", response: Examples.Tokens);
        api.MapPost("/tokens", IssueAsync).WithTags("Tokens").Document("Issue a token", "The secret is shown this once.", Examples.IssueToken, Examples.IssuedToken);
        api.MapDelete("/tokens/{id}", RevokeAsync).WithTags("Tokens").Document("Revoke a token", "It acts on open connections within two seconds.");
        api.MapGet("/features", FeaturesAsync).WithTags("People").Document("Show the organization's features", "What is switched on.", response: Examples.Features);
        api.MapPatch("/features", SetFeaturesAsync).WithTags("People").Document("Switch features", "What is absent stays. Admins only.", Examples.SetFeatures, Examples.Features);
        api.MapGet("/audit", AuditAsync).WithTags("People").Document("Read the audit log", "The newest entries first. Admins only.", response: Examples.Audit);
    }

    private static async Task<ListOf<UserView>> UsersAsync(ListUsers list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), ToView);

    private static async Task<Created<UserView>> AddUserAsync(JsonBody<AddUserRequest> body, AddUser add, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, ToView(await add.RunAsync(caller, body.Value.Name, WireNames.RoleOf(body.Value.Role), cancellationToken)));

    private static async Task<ListOf<TokenView>> TokensAsync(ListTokens list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), owner => AgentMapping.ToView(owner.Token, owner.Name));

    private static async Task<Created<Client.Wire.IssuedToken>> IssueAsync(JsonBody<IssueTokenRequest> body, IssueToken issue, Caller caller, CancellationToken cancellationToken)
    {
        var (agent, user, label, days, scopes) = body.Value;
        var issued = await issue.RunAsync(caller, new IssueTokenInput(agent, user, label, days, WireNames.ScopesOf(scopes)), cancellationToken);
        return TypedResults.Created((string?)null, new Client.Wire.IssuedToken(AgentMapping.ToView(issued.Token, issued.Name), issued.Secret));
    }

    private static async Task<NoContent> RevokeAsync(Guid id, RevokeToken revoke, TokenCache tokens, Caller caller, CancellationToken cancellationToken)
    {
        await revoke.RunAsync(caller, id, cancellationToken);
        tokens.Forget(id);
        return TypedResults.NoContent();
    }

    private static async Task<FeatureSwitches> FeaturesAsync(ReadFeatures read, Caller caller, CancellationToken cancellationToken) =>
        ToSwitches(await read.RunAsync(caller, cancellationToken));

    private static async Task<FeatureSwitches> SetFeaturesAsync(JsonBody<FeatureSwitches> body, SetFeatures set, Caller caller, CancellationToken cancellationToken) =>
        ToSwitches(await set.RunAsync(caller, features => Apply(body.Value, features), cancellationToken));

    private static async Task<ListOf<AuditView>> AuditAsync(int? limit, ListAudit list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, Page.Limit(limit, 100), cancellationToken), entry => new AuditView(entry.At, entry.Actor, entry.Action, entry.Target, entry.Decision));

    private static UserView ToView(User user) => new(user.Id, user.Name, WireNames.Of(user.Role), user.CreatedAt);

    private static FeatureSwitches ToSwitches(Features features) => new(
        features.HasFlag(Features.PeerMessaging), features.HasFlag(Features.Meetings), features.HasFlag(Features.Subagents), features.HasFlag(Features.A2A), features.HasFlag(Features.SqlDoor));

    private static Features Apply(FeatureSwitches switches, Features features)
    {
        Set(switches.PeerMessaging, Features.PeerMessaging);
        Set(switches.Meetings, Features.Meetings);
        Set(switches.Subagents, Features.Subagents);
        Set(switches.A2a, Features.A2A);
        Set(switches.SqlDoor, Features.SqlDoor);
        return features;

        void Set(bool? on, Features feature) => features = on switch { true => features | feature, false => features & ~feature, null => features };
    }
}
