using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.WebSockets;

public sealed class FoundingDocumentTests
{
    [Fact]
    public async Task A_client_of_the_founding_document_posts_to_its_project_and_others_receive_it()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var aaron = await server.AgentAsync("aaron");
        using var sender = await server.ConnectAsync(tesla);
        using var receiver = await server.ConnectAsync(aaron);

        await sender.SendAsync(new { type = "discovery", content = "Found bug in API endpoint", metadata = new { ticket = 7 }, agent_type = "backend", anything = "else" });

        var received = await receiver.NextAsync("discovery");
        received.GetProperty("content").GetString().ShouldBe("Found bug in API endpoint");
        received.GetProperty("sender_agent_id").GetString().ShouldBe("tesla");
        received.GetProperty("sender_agent_type").GetString().ShouldBe("backend");
        received.GetProperty("metadata").GetProperty("ticket").GetInt32().ShouldBe(7);
        received.GetProperty("inbox_number").GetInt64().ShouldBe(1);
        var ack = await sender.NextAsync("ack");
        ack.GetProperty("verdict").GetString().ShouldBe("accepted");
        ack.GetProperty("message_id").GetGuid().ShouldBe(received.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_message_waits_for_an_agent_that_is_away()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var aaron = await server.AgentAsync("aaron");
        using var sender = await server.ConnectAsync(tesla);
        foreach (var text in new[] { "one", "two", "three" })
        {
            await sender.SendAsync(new { content = text });
            await sender.NextAsync("ack");
        }

        using var receiver = await server.ConnectAsync(aaron);
        foreach (var text in new[] { "one", "two", "three" })
        {
            (await receiver.NextAsync("status")).GetProperty("content").GetString().ShouldBe(text);
        }
    }

    [Fact]
    public async Task An_agent_id_that_is_not_the_tokens_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await server.AgentAsync("aaron");
        using var client = tesla.Http;

        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() => TestSocket.OpenAsync(new Uri($"ws://{server.Address.Authority}/ws/agent/messages/default?agent_id=aaron"), tesla.Secret));
        using var own = await TestSocket.OpenAsync(new Uri($"ws://{server.Address.Authority}/ws/agent/messages/default?agent_id={tesla.Id}"), tesla.Secret);
    }

    [Fact]
    public async Task A_token_may_come_as_a_subprotocol()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var address = new Uri($"ws://{server.Address.Authority}/ws/agent/messages/default");

        using var modern = await TestSocket.OpenAsync(address, null, "parley.v1", "token." + tesla.Secret);
        modern.Protocol.ShouldBe("parley.v1");
        var hello = await modern.NextAsync("hello");
        hello.GetProperty("agent").GetString().ShouldBe("tesla");
        using var plain = await TestSocket.OpenAsync(address, null, "token." + tesla.Secret);
        plain.Protocol.ShouldBe("token." + tesla.Secret);
    }
}
