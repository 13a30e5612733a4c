using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Remotes;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;
using Parley.Server.Outbound;

namespace Parley.Server.Http;

/// <summary>Agents of other servers. They are removed like every agent.</summary>
internal static class RemoteEndpoints
{
    private const string Ping = "ping";

    public static void MapRemotes(this RouteGroupBuilder api)
    {
        var remotes = api.MapGroup("/remotes").WithTags("Remote agents");
        remotes.MapPost("/", AddAsync).Document(
            "Add an agent of another server", "Reads its A2A card; 'preview' adds nothing. It is an agent like any other: link it, then write to it. Persons only.", RemoteExamples.Add, RemoteExamples.Remote);
        remotes.MapGet("/", ListAsync).Document("List agents of other servers", "With the delivery that is under way to each. Persons only.", response: RemoteExamples.Remotes);
        remotes.MapPost("/{agent}/refresh", RefreshAsync).Document("Read its card again", "Its owner or an admin.", response: RemoteExamples.Remote);
        remotes.MapPost("/{agent}/test", TestAsync).Document("Try it", "Sends it a message that is kept nowhere. Its owner or an admin.", RemoteExamples.Test, RemoteExamples.Answer);
    }

    private static async Task<RemoteView> AddAsync(JsonBody<AddRemoteRequest> body, AddRemoteAgent add, RemoteLoop loop, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var added = await add.RunAsync(caller, new RemoteInput(request.Url, request.Name, request.Project, request.Token, request.TokenEnv, request.Preview ?? false), cancellationToken);
        loop.Signal.Set();
        return RemoteMapping.ToView(added, secrets);
    }

    private static async Task<ListOf<RemoteView>> ListAsync(ListRemoteAgents list, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), remote => RemoteMapping.ToView(remote, secrets));

    private static async Task<RemoteView> RefreshAsync(string agent, RefreshRemoteAgent refresh, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken) =>
        RemoteMapping.ToView(await refresh.RunAsync(caller, agent, cancellationToken), secrets);

    private static async Task<RemoteAnswerView> TestAsync(string agent, JsonBody<TestRemoteRequest> body, TestRemoteAgent test, Caller caller, CancellationToken cancellationToken) =>
        RemoteMapping.ToView(await test.RunAsync(caller, agent, body.Value.Text ?? Ping, cancellationToken));
}
