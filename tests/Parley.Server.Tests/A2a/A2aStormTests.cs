using System.Text.Json;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>G15 for agents from outside: two that give every task straight back over A2A end by the quota of their link.</summary>
public sealed class A2aStormTests
{
    private const int Quota = 20;

    [Fact]
    public async Task Two_agents_that_echo_every_task_over_A2A_end_by_their_quota()
    {
        await using var server = await TestServer.StartAsync();
        var agents = new[] { await server.AgentAsync("tesla"), await server.AgentAsync("aaron") };
        await server.LinkAsync("tesla", "aaron", Quota);
        await SendAsync(agents[0].Http, "aaron", "echo 0");
        var turn = 0;
        while (true)
        {
            var echoing = agents[(turn + 1) % 2];
            using var inbox = await echoing.Http.GetJsonAsync("/api/v1/inbox");
            if (inbox.Required("items").EnumerateArray().LastOrDefault() is not { ValueKind: JsonValueKind.Object } asked)
            {
                break;
            }

            using (await echoing.Http.PostAsync("/api/v1/inbox/ack", new { cursor = asked.GetProperty("cursor").GetString() }))
            {
                await SendAsync(echoing.Http, agents[turn % 2].Name, $"echo {++turn}");
            }

            turn.ShouldBeLessThanOrEqualTo(Quota, "the echo does not end");
        }

        turn.ShouldBe(Quota, "the last one waits for credits");
        using var links = await server.Owner.GetJsonAsync("/api/v1/links");
        links.Required("items")[0].GetProperty("waiting").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_halt_stops_the_echo_at_once()
    {
        await using var house = await A2aHouse.OpenAsync();
        await house.BeginAsync();
        using var halted = await house.Server.Owner.PostAsync("/api/v1/halts", new { scope = "agent", target = "aaron" });
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Again") })).ShouldBe(-32000);
    }

    private static async Task SendAsync(HttpClient from, string to, string text)
    {
        using var sent = await A2aHouse.RestAsync(
            from, HttpMethod.Post, to + "/message:send", new { message = new { messageId = Guid.NewGuid().ToString(), role = "ROLE_USER", parts = new[] { new { text } } }, configuration = new { returnImmediately = true } });
        ((int)sent.Status).ShouldBe(200, sent.Body);
    }
}
