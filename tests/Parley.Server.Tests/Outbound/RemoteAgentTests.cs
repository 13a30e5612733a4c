using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Outbound;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Outbound;

/// <summary>Agents of another server, from the card to the answer in the sender's inbox, over real connections on this machine.</summary>
public sealed class RemoteAgentTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rpc", false, "1.0", "/rpc SendMessage")]
    [InlineData("rpc", true, "1.0", "/rpc SendMessage")]
    [InlineData("rest", false, "1.0", "POST /rest/message:send")]
    [InlineData("rest", true, "1.0", "POST /rest/message:send")]
    [InlineData("old", false, "0.3", "/old message/send")]
    [InlineData("old", true, "0.3", "/old message/send")]
    public async Task A_message_is_answered_in_the_form_that_the_card_names(string speaks, bool makesTasks, string version, string call)
    {
        await using var remote = await RemoteServer.StartAsync();
        (remote.Speaks, remote.MakesTasks) = (speaks, makesTasks);
        await using var server = await OpenAsync(remote.Receiver.Policy);
        var tesla = await server.AgentAsync("tesla");
        using (var added = await server.Owner.PostAsync("/api/v1/remotes", new { url = remote.Card, name = "loud", token = "s3cret-token" }))
        {
            (added.Required("card_name").GetString(), added.Required("version").GetString(), added.Required("token").GetString()).ShouldBe(("Other Vendor", version, "stored"));
            added.Body.ShouldNotContain("s3cret");
        }

        await server.LinkAsync("tesla", "loud");
        (await SayAsync(server, tesla, "hello")).ShouldBe(makesTasks ? "MADE" : "HELLO");
        var sent = remote.Calls.Single(one => one.MessageId is not null);
        (sent.Call, sent.Authorization, sent.Version).ShouldBe((call, "Bearer s3cret-token", version));
        if (makesTasks)
        {
            remote.Calls.Count(one => one.Call is "/rpc GetTask" or "GET /rest/tasks/t-1" or "/old tasks/get").ShouldBe(2);
        }
    }

    [Fact]
    public async Task An_agent_of_another_Parley_is_told_and_answers_over_A2A()
    {
        await using var there = await TestServer.StartAsync();
        var (guest, aaron) = (await there.AgentAsync("guest"), await there.AgentAsync("aaron"));
        await there.LinkAsync("guest", "aaron");
        await using var here = await OpenAsync(new OutboundPolicy { Enabled = true, Allow = [there.Address.GetLeftPart(UriPartial.Authority)] });
        var tesla = await here.AgentAsync("tesla");
        using var added = await here.Owner.PostAsync("/api/v1/remotes", new { url = new Uri(there.Address, "/a2a/aaron"), token = guest.Secret });
        (added.Required("name").GetString(), added.Required("version").GetString()).ShouldBe(("aaron", "1.0"));
        await here.LinkAsync("tesla", "aaron");
        using (await tesla.Http.PostAsync("/api/v1/messages", new { to = "aaron", content = "What is two and two?" }))
        {
            var asked = await FirstAsync(here, aaron);
            asked.GetProperty("content").GetString().ShouldBe("What is two and two?");
            using var answered = await aaron.Http.PostAsync("/api/v1/messages", new { to = "guest", content = "Four.", reply_to = asked.GetProperty("id").GetGuid() });
            answered.Status.ShouldBe(HttpStatusCode.OK, answered.Body);
        }

        var answer = await FirstAsync(here, tesla);
        (answer.GetProperty("content").GetString(), answer.GetProperty("from").GetString()).ShouldBe(("Four.", "aaron"));
    }

    [Fact]
    public async Task A_server_that_fails_is_called_again_with_the_same_id()
    {
        await using var remote = await RemoteServer.StartAsync();
        remote.Failures.Enqueue(503);
        await using var server = await OpenAsync(remote.Receiver.Policy);
        var tesla = await server.AgentAsync("tesla");
        using var added = await server.Owner.PostAsync("/api/v1/remotes", new { url = remote.Card, name = "loud" });
        added.Status.ShouldBe(HttpStatusCode.OK, added.Body);
        await server.LinkAsync("tesla", "loud");
        (await SayAsync(server, tesla, "hello")).ShouldBe("HELLO");
        var ids = remote.Calls.Where(one => one.MessageId is not null).Select(one => one.MessageId).ToList();
        ids.Count.ShouldBe(2);
        ids.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_refuses_makes_a_dead_letter_of_which_the_sender_is_told()
    {
        await using var remote = await RemoteServer.StartAsync();
        remote.Failures.Enqueue(403);
        await using var server = await OpenAsync(remote.Receiver.Policy);
        var tesla = await server.AgentAsync("tesla");
        using var added = await server.Owner.PostAsync("/api/v1/remotes", new { url = remote.Card, name = "loud" });
        await server.LinkAsync("tesla", "loud");
        (await SayAsync(server, tesla, "hello")).ShouldEndWith("The remote agent's server answered 403: It refused the call.");
    }

    [Fact]
    public async Task What_is_no_card_or_may_not_be_called_is_not_added_and_a_preview_adds_nothing()
    {
        await using var remote = await RemoteServer.StartAsync();
        await using var server = await OpenAsync(remote.Receiver.Policy);
        using (var none = await server.Owner.PostAsync("/api/v1/remotes", new { url = remote.Receiver["/nothing"] }))
        {
            none.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
        }

        using (var closed = await server.Owner.PostAsync("/api/v1/remotes", new { url = "http://127.0.0.1:1/card.json" }))
        {
            closed.ShouldBe(HttpStatusCode.Forbidden, "outbound_refused");
        }

        using (var preview = await server.Owner.PostAsync("/api/v1/remotes", new { url = remote.Card, preview = true }))
        {
            (preview.Required("name").GetString(), preview.Required("skills")[0].GetString()).ShouldBe(("other-vendor", "Shout"));
        }

        using var list = await server.Owner.GetJsonAsync("/api/v1/remotes");
        list.Required("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_test_shows_the_answer_and_keeps_nothing()
    {
        await using var remote = await RemoteServer.StartAsync();
        await using var server = await OpenAsync(remote.Receiver.Policy);
        using var added = await server.Owner.PostAsync("/api/v1/remotes", new { url = remote.Card, name = "loud" });
        using var test = await server.Owner.PostAsync("/api/v1/remotes/loud/test", new { text = "anybody there?" });
        (test.Required("state").GetString(), test.Required("text").GetString()).ShouldBe(("done", "ANYBODY THERE?"));
        using var refreshed = await server.Owner.PostAsync("/api/v1/remotes/loud/refresh", new { });
        refreshed.Required("skills")[0].GetString().ShouldBe("Shout");
        using var messages = await server.Owner.GetJsonAsync("/api/v1/messages");
        messages.Required("items").GetArrayLength().ShouldBe(0);
    }

    private static Task<TestServer> OpenAsync(OutboundPolicy policy) =>
        TestServer.StartAsync(configure: services => services.AddSingleton<IOutboundPolicy>(new TestPolicy(policy)).AddSingleton<ISealedSecrets>(new TestSecrets()));

    /// <summary>Writes to the remote agent and returns what comes back.</summary>
    private static async Task<string> SayAsync(TestServer server, TestAgent from, string content)
    {
        using var sent = await from.Http.PostAsync("/api/v1/messages", new { to = "loud", content });
        sent.Status.ShouldBe(HttpStatusCode.OK, sent.Body);
        return (await FirstAsync(server, from)).GetProperty("content").GetString()!;
    }

    /// <summary>The first message of an inbox, once there is one.</summary>
    private static async Task<JsonElement> FirstAsync(TestServer server, TestAgent agent)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            using var inbox = await agent.Http.GetJsonAsync("/api/v1/inbox");
            if (inbox.Required("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first)
            {
                return first;
            }

            limit.IsCancellationRequested.ShouldBeFalse(await server.Owner.GetStringAsync("/api/v1/remotes", Token) + await server.Owner.GetStringAsync("/api/v1/attention", Token));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }
}
