using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Security;

/// <summary>G17: a foreign id answers exactly like one that never existed, on every route, for every kind of caller.</summary>
public sealed class IsolationTests
{
    public static TheoryData<string> Routes => [.. RouteTable.Rows.Select(row => row.Route)];

    [Fact]
    public async Task Every_route_is_in_the_table()
    {
        await using var server = await TestServer.StartAsync();
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));
        mapped.Order(StringComparer.Ordinal).ShouldBe(RouteTable.Rows.Select(row => row.Route).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_answers_each_kind_of_caller_as_the_table_says(string route)
    {
        var row = RouteTable.Rows.Single(one => one.Route == route);
        await using var world = await World.CreateAsync();
        using var nobody = world.Server.Client(null);
        using var wrong = world.Server.Client("pa_" + new string('A', 43));
        var own = RouteTable.Fill(row, world.Own);
        (await CallAsync(nobody, row, own)).Status.ShouldBe(row.Open ? (HttpStatusCode)row.Agent : HttpStatusCode.Unauthorized, "no token");
        (await CallAsync(wrong, row, own)).Status.ShouldBe(row.Open ? (HttpStatusCode)row.Agent : HttpStatusCode.Unauthorized, "unknown token");
        if (RouteTable.NamesSomething(row))
        {
            var random = World.Random();
            foreach (var (client, name) in new[] { (world.Server.Owner, "owner"), (world.Tesla.Http, "agent"), (world.Mallory.Http, "stranger") })
            {
                await SameAsync(client, row, world.Foreign, random, $"{name}, foreign");
                await SameAsync(client, row, world.Deleted, random, $"{name}, deleted");
            }

            foreach (var (client, name) in new[] { (world.ForeignOwner, "foreign owner"), (world.ForeignAgent, "foreign agent") })
            {
                await SameAsync(client, row, world.Own, random, name);
            }
        }

        ((int)(await CallAsync(world.Mallory.Http, row, own)).Status).ShouldBe(row.Stranger, "stranger");
        ((int)(await CallAsync(world.Tesla.Http, row, own)).Status).ShouldBe(row.Agent, "agent");
        ((int)(await CallAsync(world.Server.Owner, row, own)).Status).ShouldBe(row.Owner, "owner");
    }

    [Fact]
    public async Task A_foreign_project_is_refused_at_the_socket_like_an_unknown_one()
    {
        await using var world = await World.CreateAsync();
        foreach (var project in new[] { world.Foreign.Project, World.Random().Project, "zproject", "nothing" })
        {
            using var socket = new System.Net.WebSockets.ClientWebSocket();
            socket.Options.SetRequestHeader("Authorization", "Bearer " + world.Tesla.Secret);
            socket.Options.CollectHttpResponseDetails = true;
            await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(
                () => socket.ConnectAsync(new Uri($"ws://{world.Server.Address.Authority}/ws/agent/messages/{project}"), TestContext.Current.CancellationToken));
            socket.HttpStatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    private static async Task SameAsync(HttpClient client, RouteRow row, Things there, Things nowhere, string what)
    {
        var one = await CallAsync(client, row, RouteTable.Fill(row, there));
        var other = await CallAsync(client, row, RouteTable.Fill(row, nowhere));
        one.Status.ShouldBe(other.Status, $"{what}: {one.Body}");
        ((int)one.Status).ShouldBeGreaterThanOrEqualTo(400, $"{what}: {one.Body}");
        Comparable(one, there).ShouldBe(Comparable(other, nowhere), what);
    }

    private static string Comparable(Answer answer, Things things)
    {
        var body = JsonNode.Parse(answer.Body)!.AsObject();
        body.Remove("trace_id");
        var text = body.ToJsonString();
        foreach (var name in new[] { things.Message, things.Agent, things.Link, things.Token, things.Project, things.Channel, things.Lease, things.Meeting, things.Session, things.Schedule, things.Webhook, things.Task })
        {
            text = text.Replace(name, "it", StringComparison.Ordinal);
        }

        return text;
    }

    private static async Task<Answer> CallAsync(HttpClient client, RouteRow row, string address)
    {
        using var request = new HttpRequestMessage(row.Method, address);
        if (row.Body is not null)
        {
            request.Content = new StringContent(row.Body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var streams = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return new Answer(
            response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, streams ? "{}" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
