using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;
using Parley.Tests.Support;

namespace Parley.Server.Tests.Console;

/// <summary>What the console asks for beside what everybody asks for.</summary>
public sealed class ConsoleReadTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly ScriptedRuntime model = new();

    [Fact]
    public async Task The_doors_by_which_an_agent_comes_in_and_on_which_Parley_goes_to_it_are_shown_with_their_times()
    {
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await using var server = await StartAsync();
        var aaron = await server.AgentAsync("aaron");
        (await DoorsAsync(server, "aaron")).ShouldBeEmpty();
        using (var call = await aaron.Http.GetJsonAsync("/api/v1/me"))
        {
            call.Status.ShouldBe(HttpStatusCode.OK, call.Body);
        }

        using (var call = await aaron.Http.PostTextAsync("/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""))
        {
            call.Status.ShouldBe(HttpStatusCode.OK, call.Body);
        }

        using (await server.ConnectAsync(aaron))
        {
            var doors = await DoorsAsync(server, "aaron");
            doors.Select(door => door.Name).ShouldBe(["http", "mcp", "websocket"]);
            doors.Select(door => door.State).ShouldBe(["used", "used", "open"]);
            doors.ShouldAllBe(door => door.Since > before);
        }

        var hosted = (await DoorsAsync(server, "tesla")).ShouldHaveSingleItem("what its own turns ask for is no door");
        (hosted.Name, hosted.State, hosted.Detail).ShouldBe(("hosted", "ready", "demo/scripted"));
    }

    [Fact]
    public async Task The_persona_of_a_hosted_agent_is_read_by_its_owner_and_by_nobody_else()
    {
        var folder = Directory.CreateTempSubdirectory("parley-persona-");
        await using var server = await StartAsync();
        var aaron = await server.AgentAsync("aaron");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "AGENTS.md"), "Be short.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "SOUL.md"), "Calm.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "secret.txt"), "never shown", TestContext.Current.CancellationToken);
        (await PersonaAsync(server.Owner)).ShouldBeEmpty();
        using (var hosted = await server.Owner.PutJsonAsync("/api/v1/agents/tesla/host", new { model = "demo/scripted", persona = folder.FullName }))
        {
            hosted.Status.ShouldBe(HttpStatusCode.OK, hosted.Body);
        }

        (await PersonaAsync(server.Owner)).ShouldBe([("SOUL.md", "Calm.", false), ("AGENTS.md", "Be short.", true)]);
        using (var refused = await aaron.Http.GetJsonAsync("/api/v1/agents/tesla/persona"))
        {
            refused.ShouldBe(HttpStatusCode.Forbidden, "forbidden");
        }

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "AGENTS.md"), new string('x', (256 * 1024) + 1), TestContext.Current.CancellationToken);
        using var large = await server.Owner.GetJsonAsync("/api/v1/agents/tesla/persona");
        large.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_thinks_now_the_rate_of_messages_and_what_each_turn_of_a_session_used_come_from_what_is_stored()
    {
        await using var server = await StartAsync();
        var hold = model.HoldNext();
        using var spawned = await server.Owner.PostAsync("/api/v1/sessions/spawn", new { agentId = "tesla", task = "Count to three." });
        var key = Uri.EscapeDataString(spawned.Required("sessionKey").GetString()!);
        await hold.Begun.Within(Patience);
        using (var turns = await server.Owner.GetJsonAsync("/api/v1/console/turns"))
        {
            var turn = turns.Required("items").EnumerateArray().ShouldHaveSingleItem();
            turn.GetProperty("agent").GetString().ShouldBe("tesla");
            turn.GetProperty("model").GetString().ShouldBe("demo/scripted");
            turn.GetProperty("node").GetString().ShouldNotBeNullOrEmpty();
        }

        using (var running = await server.Owner.GetJsonAsync($"/api/v1/sessions/{key}/log"))
        {
            var turn = running.Required("turns").EnumerateArray().ShouldHaveSingleItem();
            (turn.GetProperty("state").GetString(), turn.TryGetProperty("endedAt", out _)).ShouldBe(("running", false));
        }

        hold.Release();
        using (var ended = await server.Owner.GetJsonAsync($"/api/v1/sessions/{key}?wait=60"))
        {
            ended.Required("session").GetProperty("endedAt").GetDateTimeOffset().ShouldNotBe(default);
        }

        using (var log = await server.Owner.GetJsonAsync($"/api/v1/sessions/{key}/log"))
        {
            var turn = log.Required("turns").EnumerateArray().ShouldHaveSingleItem();
            (turn.GetProperty("calls").GetInt32(), turn.GetProperty("inputTokens").GetInt64(), turn.GetProperty("outputTokens").GetInt64()).ShouldBe((1, 100, 10));
            turn.GetProperty("endedAt").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(turn.GetProperty("startedAt").GetDateTimeOffset());
        }

        using (var more = await server.Owner.GetJsonAsync($"/api/v1/sessions/{key}/log?after=1"))
        {
            more.Json.TryGetProperty("turns", out _).ShouldBeFalse("whoever follows the log has them already");
        }

        // The task and its result were said; asked again, what was counted before stays.
        for (var i = 0; i < 2; i++)
        {
            using var rate = await server.Owner.GetJsonAsync("/api/v1/console/rate");
            rate.Required("counts").EnumerateArray().Sum(count => count.GetInt32()).ShouldBeGreaterThanOrEqualTo(2);
            rate.Required("counts").GetArrayLength().ShouldBe(120);
        }

        using var idle = await server.Owner.GetJsonAsync("/api/v1/console/turns");
        idle.Required("items").GetArrayLength().ShouldBe(0);
    }

    private async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(configure: services => services.AddSingleton<IRuntime>(model).AddSingleton<IModelCatalog>(new ScriptedCatalog()).AddSingleton<IToolbox>(new ScriptedToolbox()));
        await server.AgentAsync("tesla");
        using var hosted = await server.Owner.PutJsonAsync("/api/v1/agents/tesla/host", new { model = "demo/scripted" });
        hosted.Status.ShouldBe(HttpStatusCode.OK, hosted.Body);
        return server;
    }

    private static async Task<List<(string Name, string State, DateTimeOffset Since, string? Detail)>> DoorsAsync(TestServer server, string agent)
    {
        using var answer = await server.Owner.GetJsonAsync($"/api/v1/agents/{agent}/doors");
        return [.. answer.Required("items").EnumerateArray().Select(door => (
            door.GetProperty("door").GetString()!, door.GetProperty("state").GetString()!, door.GetProperty("since").GetDateTimeOffset(),
            door.TryGetProperty("detail", out var detail) ? detail.GetString() : null))];
    }

    private static async Task<List<(string Name, string Text, bool Subagents)>> PersonaAsync(HttpClient client)
    {
        using var answer = await client.GetJsonAsync("/api/v1/agents/tesla/persona");
        return [.. answer.Required("items").EnumerateArray().Select(file => (file.GetProperty("name").GetString()!, file.GetProperty("text").GetString()!, file.GetProperty("subagents").GetBoolean()))];
    }
}
