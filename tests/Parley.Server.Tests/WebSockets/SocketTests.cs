using System.Net.WebSockets;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.WebSockets;

public sealed class SocketTests
{
    [Fact]
    public async Task An_acknowledged_message_does_not_come_again()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla, null, "parley.v1");
        await sender.NextAsync("hello");
        await SendAsync(sender, "one", "two", "three");
        using (var first = await server.ConnectAsync(aaron))
        {
            var one = await first.NextAsync("chat");
            var two = await first.NextAsync("chat");
            (one.GetProperty("state").GetString(), one.GetProperty("attempts").GetInt32()).ShouldBe(("offered", 1));
            await first.SendAsync(new { type = "ack", cursor = two.GetProperty("cursor").GetString(), @ref = "a" });
            await first.NextAsync("chat");
            var acked = await first.NextAsync("acked");
            acked.GetProperty("ref").GetString().ShouldBe("a");
            acked.GetProperty("acknowledged").GetInt32().ShouldBe(2);
            acked.GetProperty("unread").GetInt64().ShouldBe(1);
        }

        using var second = await server.ConnectAsync(aaron);
        var again = await second.NextAsync("chat");
        again.GetProperty("content").GetString().ShouldBe("three");
        again.GetProperty("inbox_number").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_client_resumes_where_it_says()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla);
        await SendAsync(sender, "one", "two", "three");
        using var receiver = await server.ConnectAsync(aaron, "&cursor=2");
        (await receiver.NextAsync("chat")).GetProperty("content").GetString().ShouldBe("three");

        await receiver.SendAsync(new { type = "resume", cursor = 0 });
        await receiver.NextAsync("resumed");
        foreach (var text in new[] { "one", "two", "three" })
        {
            (await receiver.NextAsync("chat")).GetProperty("content").GetString().ShouldBe(text);
        }

        await SendAsync(sender, "four");
        (await receiver.NextAsync("chat")).GetProperty("inbox_number").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task The_same_key_is_answered_with_the_first_message()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla);
        var frame = new { type = "request", to = "aaron", content = "review", key = "k-1", @ref = "r-1" };
        await sender.SendAsync(frame);
        var first = await sender.NextAsync("ack");
        first.GetProperty("ref").GetString().ShouldBe("r-1");
        first.GetProperty("key").GetString().ShouldBe("k-1");
        await sender.SendAsync(frame);
        var second = await sender.NextAsync("ack");
        second.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        second.GetProperty("message_id").GetGuid().ShouldBe(first.GetProperty("message_id").GetGuid());

        await sender.SendAsync(new { type = "request", to = "aaron", content = "something else", key = "k-1" });
        (await sender.NextAsync("error")).GetProperty("code").GetString().ShouldBe("key_reused");
        using var receiver = await server.ConnectAsync(aaron);
        await receiver.NextAsync("request");
        await receiver.SendAsync(new { type = "ping" });
        await receiver.NextAsync("pong");
    }

    [Fact]
    public async Task Pipelined_sends_are_numbered_and_answered_in_the_order_sent()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla);
        using var receiver = await server.ConnectAsync(aaron);
        const int Count = 200;
        for (var i = 1; i <= Count; i++)
        {
            await sender.SendAsync(new { type = "chat", to = "aaron", content = $"message {i}", @ref = $"{i}" });
        }

        for (var i = 1; i <= Count; i++)
        {
            var ack = await sender.NextAsync("ack");
            ack.GetProperty("ref").GetString().ShouldBe($"{i}");
            ack.GetProperty("number").GetInt64().ShouldBe(i);
            var received = await receiver.NextAsync("chat");
            received.GetProperty("content").GetString().ShouldBe($"message {i}");
            received.GetProperty("inbox_number").GetInt64().ShouldBe(i);
        }
    }

    [Fact]
    public async Task An_unlinked_or_unknown_recipient_is_refused_and_the_connection_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await server.AgentAsync("aaron");
        using var sender = await server.ConnectAsync(tesla);
        await sender.SendAsync(new { to = "aaron", content = "hello", @ref = "1" });
        var refusal = await sender.NextAsync("error");
        refusal.GetProperty("code").GetString().ShouldBe("not_linked");
        refusal.GetProperty("ref").GetString().ShouldBe("1");
        await sender.SendAsync(new { to = "nobody", content = "hello" });
        (await sender.NextAsync("error")).GetProperty("code").GetString().ShouldBe("unknown_recipient");
        await sender.SendAsync(new { content = "to all" });
        await sender.NextAsync("ack");
    }

    [Fact]
    public async Task Several_connections_of_an_agent_all_get_everything()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla);
        using var one = await server.ConnectAsync(aaron);
        using var two = await server.ConnectAsync(aaron);
        await SendAsync(sender, "hello");
        await one.NextAsync("chat");
        await two.NextAsync("chat");
    }

    [Fact]
    public async Task A_halted_agent_stays_connected_gets_nothing_and_may_not_send()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla);
        using var receiver = await server.ConnectAsync(aaron);
        using (var halted = await server.Owner.PostAsync("/api/v1/halts", new { scope = "agent", target = "aaron", reason = "too loud" }))
        {
            halted.Required("durable").GetBoolean().ShouldBeTrue();
        }

        await receiver.SendAsync(new { type = "chat", to = "tesla", content = "may I" });
        (await receiver.NextAsync("error")).GetProperty("code").GetString().ShouldBe("halted");
        await sender.SendAsync(new { content = "to the channel" });
        await sender.NextAsync("ack");
        await receiver.SendAsync(new { type = "ping" });
        await receiver.NextAsync("pong");
        using (var released = await server.Owner.DeleteJsonAsync("/api/v1/halts/agent/aaron"))
        {
            ((int)released.Status).ShouldBe(204, released.Body);
        }

        (await receiver.NextAsync("status")).GetProperty("content").GetString().ShouldBe("to the channel");
    }

    [Fact]
    public async Task A_person_watches_a_projects_channels_and_speaks_in_them()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var observer = await TestSocket.OpenAsync(new Uri($"ws://{server.Address.Authority}/ws/agent/messages/default"), server.OwnerSecret);
        using var sender = await server.ConnectAsync(tesla);
        await sender.SendAsync(new { content = "working" });
        await sender.NextAsync("ack");
        (await observer.NextAsync("status")).GetProperty("from").GetString().ShouldBe("tesla");
        await observer.SendAsync(new { type = "coordination", content = "stop please" });
        var received = await sender.NextAsync("coordination");
        received.GetProperty("from_kind").GetString().ShouldBe("user");
    }

    [Fact]
    public async Task Sender_sees_its_messages_states()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = await PairAsync(server);
        using var sender = await server.ConnectAsync(tesla);
        using var receiver = await server.ConnectAsync(aaron);
        await sender.SendAsync(new { to = "aaron", content = "hello" });
        var id = (await sender.NextAsync("ack")).GetProperty("message_id").GetGuid();
        await receiver.NextAsync("status");
        var state = "";
        for (var i = 0; i < 200 && state != "offered"; i++)
        {
            using var status = await tesla.Http.GetJsonAsync($"/api/v1/messages/{id}/deliveries");
            state = status.Required("deliveries")[0].GetProperty("state").GetString();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        state.ShouldBe("offered");
    }

    private static async Task<(TestAgent Tesla, TestAgent Aaron)> PairAsync(TestServer server)
    {
        var pair = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron");
        return pair;
    }

    private static async Task SendAsync(TestSocket sender, params string[] texts)
    {
        foreach (var text in texts)
        {
            await sender.SendAsync(new { type = "chat", to = "aaron", content = text });
            await sender.NextAsync("ack");
        }
    }
}
