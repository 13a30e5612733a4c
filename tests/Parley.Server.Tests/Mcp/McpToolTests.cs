using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Server.Mcp;
using Parley.Server.Tests.Security;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>Each tool, called by the package's own client.</summary>
public sealed class McpToolTests
{
    private static readonly string[] Room = ["tesla", "aaron"];
    private static readonly string[] Aliases = ["reviewer"];
    private static readonly string[] Skills = ["code-review", "sql"];

    [Theory]
    [InlineData(null)]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(RawMcp.Modern)]
    public async Task Two_agents_talk_whatever_version_their_client_speaks(string? version)
    {
        await using var pair = await Pair.OpenAsync(version);
        var sent = await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "Is the build green?", type = "request" });
        sent.GetProperty("verdict").GetString().ShouldBe("accepted");
        sent.GetProperty("credits_left").GetInt32().ShouldBe(499);
        var got = (await pair.Aaron.CallAsync("check_messages")).GetProperty("messages")[0];
        got.GetProperty("from").GetString().ShouldBe("tesla");
        got.GetProperty("type").GetString().ShouldBe("request");
        got.GetProperty("text").GetString().ShouldBe("Is the build green?");
        await pair.Aaron.CallAsync("send_agent_message", new { to = "tesla", message = "Yes.", reply_to = got.GetProperty("n").GetInt64() });
        var answer = (await pair.Tesla.CallAsync("check_messages")).GetProperty("messages")[0];
        answer.GetProperty("answers").GetInt64().ShouldBe(sent.GetProperty("number").GetInt64());
    }

    [Fact]
    public async Task Agents_are_listed_by_skill_and_reached_by_alias()
    {
        await using var pair = await Pair.OpenAsync();
        using var changed = await pair.Server.Owner.PatchAsync("/api/v1/agents/aaron", new { aliases = Aliases, skills = Skills });
        changed.Required("aliases")[0].GetString().ShouldBe("reviewer");
        var listed = (await pair.Tesla.CallAsync("list_agents", new { skill = "Code-Review" })).GetProperty("agents")[0];
        (listed.GetProperty("name").GetString(), listed.GetProperty("skills").GetString()).ShouldBe(("aaron", "code-review sql"));
        (await pair.Tesla.CallAsync("list_agents", new { skill = "cooking" })).GetProperty("agents").GetArrayLength().ShouldBe(0);
        (await pair.Tesla.CallAsync("send_agent_message", new { to = "reviewer", message = "one" })).GetProperty("verdict").GetString().ShouldBe("accepted");
        Texts(await pair.Aaron.CallAsync("check_messages")).ShouldBe(["one"]);
        using var found = await pair.Server.Owner.GetJsonAsync("/api/v1/agents?q=review%20sql");
        found.Required("items")[0].GetProperty("name").GetString().ShouldBe("aaron");
        using var skilled = await pair.Server.Owner.GetJsonAsync("/api/v1/agents?skill=sql");
        skilled.Required("items").GetArrayLength().ShouldBe(1);
        using var taken = await pair.Server.Owner.PatchAsync("/api/v1/agents/tesla", new { aliases = Aliases });
        taken.ShouldBe(System.Net.HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task A_message_comes_again_until_the_cursor_of_its_answer_is_handed_in()
    {
        await using var pair = await Pair.OpenAsync();
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "one" });
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "two" });
        var first = await pair.Aaron.CallAsync("check_messages", new { limit = 1 });
        Texts(first).ShouldBe(["one"]);
        first.GetProperty("more").GetInt64().ShouldBe(1);
        (await UnreadAsync(pair)).ShouldBe(2);
        Texts(await pair.Aaron.CallAsync("check_messages")).ShouldBe(["one", "two"]);
        var second = await pair.Aaron.CallAsync("check_messages", new { cursor = first.GetProperty("cursor").GetString() });
        Texts(second).ShouldBe(["two"]);
        (await UnreadAsync(pair)).ShouldBe(1);
        var third = await pair.Aaron.CallAsync("check_messages", new { cursor = second.GetProperty("cursor").GetString() });
        Texts(third).ShouldBeEmpty();
        (await UnreadAsync(pair)).ShouldBe(0);
        (await pair.Aaron.RefusedAsync("check_messages", new { cursor = "other-3" })).GetProperty("code").GetString().ShouldBe("epoch_changed");
        (await pair.Aaron.RefusedAsync("check_messages", new { cursor = "99" })).GetProperty("code").GetString().ShouldBe("cursor_ahead");
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(RawMcp.Modern)]
    public async Task A_waiting_call_tells_of_progress_and_answers_with_the_message_that_comes(string version)
    {
        McpCall.ProgressEvery.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(20));
        await using var pair = await Pair.OpenAsync(version, configure: services => services.AddSingleton<TimeProvider>(new HurriedTime()));
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = pair.Aaron.CallAsync("check_messages", new { wait_seconds = 300 }, new Heard(heard));
        await heard.Task.WaitAsync(TestSocket.Patience, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "now" });
        Texts(await waiting.WaitAsync(TestSocket.Patience, TestContext.Current.CancellationToken)).ShouldBe(["now"]);
        (await UnreadAsync(pair)).ShouldBe(1);
    }

    [Fact]
    public async Task Asking_a_session_tells_of_progress_too()
    {
        await using var pair = await Pair.OpenAsync(configure: services => services.AddSingleton<TimeProvider>(new HurriedTime()));
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = pair.Tesla.CallAsync("sessions_send", new { sessionKey = "agent:aaron:main", message = "ready?", wait = 300 }, new Heard(heard));
        await heard.Task.WaitAsync(TestSocket.Patience, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        var question = (await pair.Aaron.CallAsync("check_messages", new { wait_seconds = 30 })).GetProperty("messages")[0].GetProperty("n").GetInt64();
        await pair.Aaron.CallAsync("send_agent_message", new { to = "tesla", message = "ready", reply_to = question });
        (await waiting.WaitAsync(TestSocket.Patience, TestContext.Current.CancellationToken)).GetProperty("reply").GetString().ShouldBe("ready");
    }

    [Fact]
    public async Task A_wait_that_nothing_ends_answers_with_nothing()
    {
        await using var pair = await Pair.OpenAsync();
        var answer = await pair.Aaron.CallAsync("check_messages", new { wait_seconds = 1 });
        Texts(answer).ShouldBeEmpty();
        answer.GetProperty("cursor").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_waiting_call_that_was_given_up_acknowledges_nothing()
    {
        await using var pair = await Pair.OpenAsync();
        using var given = new CancellationTokenSource();
        var waiting = pair.Aaron.Client.CallToolAsync("check_messages", new Dictionary<string, object?> { ["wait_seconds"] = 60 }, cancellationToken: given.Token).AsTask();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "kept" });
        Texts(await pair.Aaron.CallAsync("check_messages")).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task The_same_key_sends_once_through_every_door()
    {
        await using var pair = await Pair.OpenAsync();
        var first = await pair.Tesla.ResultAsync("send_agent_message", new { to = "aaron", message = "once", key = "k1" });
        (await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "once", key = "k1" })).GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        using var again = await pair.TeslaHttp.PostAsync("/api/v1/messages", new { to = "aaron", content = "once", key = "k1" });
        again.Required("duplicate").GetBoolean().ShouldBeTrue();
        again.Required("message_id").GetString().ShouldBe(first.Meta!["parley/message_id"]!.GetValue<string>());
        first.Meta["parley/durability"]!.GetValue<string>().ShouldBe("relaxed");
        (await pair.Tesla.RefusedAsync("send_agent_message", new { to = "aaron", message = "other", key = "k1" })).GetProperty("code").GetString().ShouldBe("key_reused");
        Texts(await pair.Aaron.CallAsync("check_messages")).ShouldBe(["once"]);
    }

    [Fact]
    public async Task A_refusal_is_a_result_with_a_code_and_what_to_do()
    {
        await using var pair = await Pair.OpenAsync();
        await pair.Server.AgentAsync("mallory");
        (await pair.Tesla.RefusedAsync("send_agent_message", new { to = "mallory", message = "hi" })).GetProperty("code").GetString().ShouldBe("not_linked");
        (await pair.Tesla.RefusedAsync("send_agent_message", new { to = "nobody", message = "hi" })).GetProperty("code").GetString().ShouldBe("unknown_recipient");
        (await pair.Tesla.RefusedAsync("send_agent_message", new { message = "hi" })).GetProperty("field").GetString().ShouldBe("to");
        (await pair.Tesla.RefusedAsync("send_agent_message", new { to = "aaron", message = "hi", from = "aaron" })).GetProperty("message").GetString()!.ShouldContain("no argument 'from'");
        await pair.Tesla.CallAsync("check_messages", new { wait_seconds = JsonElement.Parse("0.0"), limit = JsonElement.Parse("5e0") });
        (await pair.Tesla.RefusedAsync("check_messages", new { wait_seconds = 1.5 })).GetProperty("field").GetString().ShouldBe("wait_seconds");
        (await pair.Tesla.RefusedAsync("check_messages", new { wait_seconds = 1e300 })).GetProperty("field").GetString().ShouldBe("wait_seconds");
        (await pair.Tesla.RefusedAsync("check_messages", new { wait_seconds = 301 })).GetProperty("field").GetString().ShouldBe("wait_seconds");
        (await pair.Tesla.RefusedAsync("subagents", new { action = "sing" })).GetProperty("field").GetString().ShouldBe("action");
        await using var person = await McpConnection.OpenAsync(pair.Server, pair.Server.OwnerSecret);
        (await person.RefusedAsync("check_messages")).GetProperty("code").GetString().ShouldBe("forbidden");
        (await Should.ThrowAsync<McpProtocolException>(() => pair.Tesla.ResultAsync("no_such_tool"))).ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
    }

    [Fact]
    public async Task An_agent_sees_whom_it_may_message_and_what_is_left()
    {
        await using var pair = await Pair.OpenAsync();
        await pair.Server.AgentAsync("mallory");
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "hi" });
        var contacts = await pair.Tesla.CallAsync("list_agents");
        contacts.GetProperty("you").GetString().ShouldBe("tesla");
        var only = contacts.GetProperty("agents").EnumerateArray().ShouldHaveSingleItem();
        (only.GetProperty("name").GetString(), only.GetProperty("credits_left").GetInt32()).ShouldBe(("aaron", 499));
        contacts.GetProperty("channels").EnumerateArray().ShouldHaveSingleItem().GetProperty("channel").GetString().ShouldBe("general");
    }

    [Fact]
    public async Task A_channel_is_written_and_read()
    {
        await using var pair = await Pair.OpenAsync();
        var posted = await pair.Tesla.CallAsync("post_to_channel", new { channel = "#general", message = "deployed", type = "status", key = "d1" });
        posted.GetProperty("recipients").GetInt32().ShouldBe(1);
        await pair.Tesla.CallAsync("post_to_channel", new { channel = "general", message = "and tested" });
        var all = await pair.Aaron.CallAsync("read_channel", new { channel = "general" });
        Texts(all).ShouldBe(["deployed", "and tested"]);
        Texts(await pair.Aaron.CallAsync("read_channel", new { channel = "#general", after = all.GetProperty("messages")[0].GetProperty("n").GetInt64() })).ShouldBe(["and tested"]);
        (await pair.Aaron.CallAsync("check_messages")).GetProperty("messages")[0].GetProperty("channel").GetString().ShouldBe("general");
        (await pair.Aaron.RefusedAsync("read_channel", new { channel = "nothing" })).GetProperty("code").GetString().ShouldBe("not_found");
    }

    [Fact]
    public async Task Participants_of_a_meeting_speak_and_read()
    {
        await using var pair = await Pair.OpenAsync();
        using var meeting = await pair.Server.Owner.PostAsync("/api/v1/meetings", new { participants = Room, name = "standup" });
        meeting.Required("name").GetString().ShouldBe("standup");
        var said = await pair.Tesla.CallAsync("meeting", new { name = "standup", message = "@aaron how is the build?" });
        Texts(await pair.Aaron.CallAsync("meeting", new { name = "standup" })).ShouldBe(["@aaron how is the build?"]);
        Texts(await pair.Aaron.CallAsync("meeting", new { name = "standup", after = said.GetProperty("number").GetInt64() })).ShouldBeEmpty();
        (await pair.Aaron.CallAsync("meeting")).GetProperty("meetings").EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("standup");
        (await pair.Aaron.RefusedAsync("meeting", new { message = "where?" })).GetProperty("field").GetString().ShouldBe("name");
    }

    [Fact]
    public async Task Sessions_are_spawned_spoken_to_listed_and_killed()
    {
        await using var pair = await Pair.OpenAsync(configure: services => services.AddSingleton<ISessionPolicy>(new World.HeldSpawns()));
        var owner = (await pair.Server.Services.GetRequiredService<Bootstrap>().RunAsync(CancellationToken.None)).Owner;
        await World.HostAsync(pair.Server.Services, owner.OrganizationId, "tesla");
        var spawned = await pair.Tesla.CallAsync("sessions_spawn", new { agentId = "tesla", task = "count the files", label = "counting", key = "s1" });
        spawned.GetProperty("status").GetString().ShouldBe("held");
        (await pair.Tesla.CallAsync("sessions_spawn", new { agentId = "tesla", task = "count the files", label = "counting", key = "s1" })).GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        var listed = (await pair.Tesla.CallAsync("sessions_list", new { active = true })).GetProperty("active").EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("sessionKey").GetString().ShouldBe(spawned.GetProperty("sessionKey").GetString());
        (await pair.Tesla.CallAsync("subagents", new { action = "log", sessionKey = "counting" })).GetProperty("status").GetString().ShouldBe("held");
        (await pair.Tesla.CallAsync("subagents", new { action = "list" })).GetProperty("active").GetArrayLength().ShouldBe(1);
        (await pair.Tesla.CallAsync("sessions_send", new { sessionKey = "agent:aaron:main", message = "ready?", wait = 0 })).GetProperty("status").GetString().ShouldBe("delivered");
        (await pair.Tesla.CallAsync("subagents", new { action = "kill", sessionKey = "counting", message = "enough" })).GetProperty("status").GetString().ShouldBe("killed");
        (await pair.Tesla.RefusedAsync("subagents", new { action = "steer", sessionKey = "counting", message = "left" })).GetProperty("code").GetString().ShouldBe("session_ended");
    }

    private static string?[] Texts(JsonElement answer) => [.. answer.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString())];

    private static async Task<long> UnreadAsync(Pair pair)
    {
        using var inbox = await pair.AaronHttp.GetJsonAsync("/api/v1/inbox");
        return inbox.Required("unread").GetInt64();
    }

    private sealed class Heard(TaskCompletionSource heard) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => heard.TrySetResult();
    }

    /// <summary>A clock on which the time between two notes of progress is over at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == McpCall.ProgressEvery ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}

/// <summary>Two linked agents that are connected.</summary>
public sealed record Pair(TestServer Server, McpConnection Tesla, McpConnection Aaron, HttpClient TeslaHttp, HttpClient AaronHttp, string AaronSecret) : IAsyncDisposable
{
    public static async Task<Pair> OpenAsync(string? version = null, Action<IServiceCollection>? configure = null)
    {
        var server = await TestServer.StartAsync(configure: configure);
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron");
        return new Pair(server, await McpConnection.OpenAsync(server, tesla.Secret, version), await McpConnection.OpenAsync(server, aaron.Secret, version), tesla.Http, aaron.Http, aaron.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await Tesla.DisposeAsync();
        await Aaron.DisposeAsync();
        await Server.DisposeAsync();
    }
}
