using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>G15 through MCP: a client and a hosted agent that always answer each other end with their chain's depth or their link's quota, and nobody talks to itself.</summary>
public sealed class McpStormTests
{
    private const int Quota = 10;
    private readonly ScriptedRuntime model = new();

    [Fact]
    public async Task A_client_and_a_hosted_agent_that_always_answer_end_with_the_quota()
    {
        model.Always(_ => $"again {model.Calls}");
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server, Quota);
        var (cursor, verdicts) = ((string?)null, new List<string?>());
        do
        {
            verdicts.Add((await client.CallAsync("send_agent_message", new { to = "aaron", message = $"and again {verdicts.Count}" })).GetProperty("verdict").GetString());
            if (verdicts[^1] == "accepted")
            {
                var got = await client.CallAsync("check_messages", new { cursor, wait_seconds = 50 });
                got.GetProperty("messages").GetArrayLength().ShouldBe(1, "the hosted agent answers every time");
                cursor = got.GetProperty("cursor").GetString();
            }
        }
        while (verdicts[^1] == "accepted" && verdicts.Count <= Quota);

        verdicts.ShouldBe([.. Enumerable.Repeat("accepted", Quota / 2), "deferred"]);
        (await client.CallAsync("check_messages", new { cursor, wait_seconds = 1 })).GetProperty("messages").GetArrayLength().ShouldBe(0);
        model.Calls.ShouldBe(Quota / 2);
        (await client.CallAsync("list_agents")).GetProperty("agents")[0].GetProperty("credits_left").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Answers_to_answers_end_with_the_depth_of_their_chain_long_before_the_quota()
    {
        model.Always(_ => $"again {model.Calls}");
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server, quota: 500);
        var begun = (await client.ResultAsync("send_agent_message", new { to = "aaron", message = "begin" })).Meta!["parley/message_id"]!.GetValue<string>();
        var (cursor, rounds) = ((string?)null, 0);
        while (await ReasonAsync(server, begun) is null && rounds < 100)
        {
            var got = await client.CallAsync("check_messages", new { cursor, wait_seconds = 1 });
            cursor = got.GetProperty("cursor").GetString();
            foreach (var message in got.GetProperty("messages").EnumerateArray())
            {
                await client.CallAsync("send_agent_message", new { to = "aaron", message = $"and again {rounds++}", reply_to = message.GetProperty("n").GetInt64() });
            }
        }

        (await ReasonAsync(server, begun)).ShouldNotBeNull().ShouldContain("max_depth");
        model.Calls.ShouldBeInRange(1, 5);
        rounds.ShouldBe(model.Calls, "every answer was answered, and the last one started no turn");
    }

    [Fact]
    public async Task A_client_that_asks_a_hosted_agent_without_end_is_stopped_by_the_quota()
    {
        model.Always(_ => $"again {model.Calls}");
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server, Quota);
        var asked = 0;
        JsonElement answer;
        do
        {
            answer = await client.CallAsync("sessions_send", new { agentId = "aaron", message = $"and {asked++}?", wait = 2 });
        }
        while (answer.TryGetProperty("reply", out _) && asked <= Quota);

        answer.GetProperty("status").GetString().ShouldBe("deferred");
        (asked, model.Calls).ShouldBe(((Quota / 2) + 1, Quota / 2));
    }

    [Fact]
    public async Task Nobody_sends_to_itself()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await using var client = await McpConnection.OpenAsync(server, tesla.Secret);
        var refused = await client.RefusedAsync("send_agent_message", new { to = "tesla", message = "hello me" });
        (refused.GetProperty("code").GetString(), refused.GetProperty("message").GetString()).ShouldBe(("invalid_request", "An agent cannot message itself."));
        (await client.CallAsync("post_to_channel", new { channel = "general", message = "@tesla hello me" })).GetProperty("recipients").GetInt32().ShouldBe(0);
        (await client.CallAsync("check_messages")).GetProperty("messages").GetArrayLength().ShouldBe(0);
    }

    private static async Task<McpConnection> ConnectAsync(TestServer server, int quota)
    {
        var tesla = await server.AgentAsync("tesla");
        await server.LinkAsync("tesla", "aaron", quota);
        return await McpConnection.OpenAsync(server, tesla.Secret);
    }

    /// <summary>Why the chain was stopped; null while it goes on, and before its first turn.</summary>
    private static async Task<string?> ReasonAsync(TestServer server, string root)
    {
        using var found = await server.Owner.GetJsonAsync($"/api/v1/roots/{root}");
        return found.Status != System.Net.HttpStatusCode.NotFound && found.Required("root").TryGetProperty("reason", out var reason) ? reason.GetString() : null;
    }

    private async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(configure: services => services.AddSingleton<IRuntime>(model).AddSingleton<IModelCatalog>(new ScriptedCatalog()).AddSingleton<IToolbox>(new ScriptedToolbox()));
        await server.AgentAsync("aaron");
        using var hosted = await server.Owner.PutJsonAsync("/api/v1/agents/aaron/host", new { model = "demo/scripted" });
        hosted.Status.ShouldBe(System.Net.HttpStatusCode.OK, hosted.Body);
        return server;
    }
}
