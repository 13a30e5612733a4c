using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core.Nodes;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Nodes;

/// <summary>Several servers on one database know of each other, and one can be emptied.</summary>
public sealed class NodeListTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_node_lists_all_of_them_with_what_they_do()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var here = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        await using var there = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        var agent = await here.AgentAsync("tesla");
        using var socket = await there.ConnectAsync(agent, null, "parley.v1");
        await socket.NextAsync("hello");
        await BeatAsync(there);
        using var owner = new ParleyClient(here.Address, here.OwnerSecret);

        var nodes = (await owner.Nodes.ListAsync(Ct)).Items;

        nodes.Count.ShouldBe(2);
        nodes.ShouldAllBe(node => node.State == "alive" && node.Turns == 0 && Math.Abs(node.ClockSkewMs) < 2_000);
        nodes.Single(node => node.Answering).Name.ShouldBe(NameOf(here));
        nodes.Single(node => !node.Answering).Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_is_emptied_is_not_ready_and_closes_its_connections_and_one_that_stops_is_gone_from_the_list()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var here = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        using var owner = new ParleyClient(here.Address, here.OwnerSecret);
        (await Should.ThrowAsync<ParleyException>(() => owner.Nodes.DrainAsync(NameOf(here), Ct))).Code.ShouldBe("conflict", "nobody else could take over");

        await using (var there = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null))
        {
            var agent = await here.AgentAsync("tesla");
            using var socket = await there.ConnectAsync(agent, null, "parley.v1");
            await socket.NextAsync("hello");

            (await owner.Nodes.DrainAsync(NameOf(there), Ct)).State.ShouldBe("draining");
            await BeatAsync(there);

            (await socket.CloseCodeAsync()).ShouldBe(1001);
            (await there.Owner.GetAsync("/health/ready", Ct)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await here.Owner.GetAsync("/health/ready", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await owner.Nodes.ResumeAsync(NameOf(there), Ct)).State.ShouldBe("alive");
            await BeatAsync(there);
            (await there.Owner.GetAsync("/health/ready", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await there.StopAsync();
        }

        (await owner.Nodes.ListAsync(Ct)).Items.Select(node => node.Name).ShouldBe([NameOf(here)]);
    }

    [Fact]
    public async Task A_server_with_a_database_of_its_own_lists_itself()
    {
        await using var server = await TestServer.StartAsync();
        using var owner = new ParleyClient(server.Address, server.OwnerSecret);
        var node = (await owner.Nodes.ListAsync(Ct)).Items.Single();
        (node.State, node.Answering, node.MostTurns).ShouldBe(("alive", true, ServerOptions.UsualTurns));
    }

    private static Task<bool> BeatAsync(TestServer server) => server.Services.GetRequiredService<KeepNode>().RunOnceAsync(Ct);

    private static string NameOf(TestServer server) => server.Services.GetRequiredService<ThisNode>().Self.Name;
}
