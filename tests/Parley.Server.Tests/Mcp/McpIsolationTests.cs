using System.Text.Json;
using Parley.Server.Tests.Security;

namespace Parley.Server.Tests.Mcp;

/// <summary>G17 through the tools: what belongs to another organization answers like what never existed.</summary>
public sealed class McpIsolationTests
{
    [Fact]
    public async Task A_foreign_name_or_id_answers_like_one_that_never_existed()
    {
        await using var world = await World.CreateAsync();
        foreach (var (tool, arguments) in Calls())
        {
            foreach (var client in new[] { world.Tesla.Http, world.Mallory.Http, world.Server.Owner })
            {
                var there = await AnswerAsync(client, tool, arguments(world.Foreign));
                var nowhere = World.Random();
                Comparable(there, world.Foreign).ShouldBe(Comparable(await AnswerAsync(client, tool, arguments(nowhere)), nowhere), tool);
            }
        }
    }

    [Fact]
    public async Task The_tools_tell_an_agent_of_its_own_organization_only()
    {
        await using var world = await World.CreateAsync();
        foreach (var client in new[] { world.Tesla.Http, world.Mallory.Http, world.Server.Owner })
        {
            foreach (var tool in new[] { "list_agents", "sessions_list", "meeting" })
            {
                var answer = await RawMcp.PostAsync(client, RawMcp.Request("tools/call", new { name = tool, arguments = new { } }));
                answer.Body.ShouldNotContain("zelda");
                answer.Body.ShouldNotContain("zchannel");
            }
        }
    }

    [Fact]
    public async Task A_foreign_resource_answers_like_one_that_never_existed()
    {
        await using var world = await World.CreateAsync();
        foreach (var method in new[] { "resources/read", "resources/subscribe" })
        {
            foreach (var of in new Func<Things, string>[] { things => $"parley://agents/{things.Agent}", things => $"parley://conversations/{things.Meeting}", things => $"parley://conversations/{things.Session}" })
            {
                foreach (var client in new[] { world.Tesla.Http, world.Mallory.Http, world.Server.Owner })
                {
                    var nowhere = World.Random();
                    var there = await RefusalAsync(client, method, of(world.Foreign));
                    Comparable(there, world.Foreign).ShouldBe(Comparable(await RefusalAsync(client, method, of(nowhere)), nowhere), of(world.Foreign));
                }
            }
        }

        foreach (var client in new[] { world.Tesla.Http, world.Mallory.Http, world.Server.Owner })
        {
            (await RawMcp.PostAsync(client, RawMcp.Request("resources/list"))).Body.ShouldNotContain("zelda");
        }
    }

    private static async Task<string> RefusalAsync(HttpClient client, string method, string uri) =>
        (await RawMcp.PostAsync(client, RawMcp.Request(method, new { uri }), ("Mcp-Session-Id", "one"))).Message.GetProperty("error").GetRawText();

    private static IEnumerable<(string Tool, Func<Things, object> Arguments)> Calls() =>
    [
        ("send_agent_message", things => new { to = things.Agent, message = "hi" }),
        ("post_to_channel", things => new { channel = things.Channel, message = "hi" }),
        ("post_to_channel", things => new { channel = "general", project = things.Project, message = "hi" }),
        ("read_channel", things => new { channel = things.Channel }),
        ("read_channel", things => new { channel = "general", project = things.Project }),
        ("meeting", things => new { name = things.Meeting }),
        ("meeting", things => new { name = things.Meeting, message = "hi" }),
        ("sessions_spawn", things => new { agentId = things.Agent, task = "work" }),
        ("sessions_send", things => new { sessionKey = things.Session, message = "hi", wait = 0 }),
        ("sessions_send", things => new { agentId = things.Agent, message = "hi", wait = 0 }),
        ("subagents", things => new { action = "log", sessionKey = things.Session }),
        ("subagents", things => new { action = "steer", sessionKey = things.Session, message = "left" }),
        ("subagents", things => new { action = "kill", sessionKey = things.Session }),
    ];

    private static async Task<string> AnswerAsync(HttpClient client, string tool, object arguments)
    {
        var answer = await RawMcp.PostAsync(client, RawMcp.Request("tools/call", new { name = tool, arguments }));
        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue(answer.Body);
        return answer.Result.GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    private static string Comparable(string text, Things things) => new[] { things.Agent, things.Project, things.Channel, things.Meeting, things.Session }
        .Aggregate(JsonElement.Parse(text).GetRawText(), (all, name) => all.Replace(name, "it", StringComparison.Ordinal));
}
