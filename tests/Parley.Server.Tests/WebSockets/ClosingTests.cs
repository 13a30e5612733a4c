using System.Diagnostics;
using System.Net.WebSockets;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.WebSockets;

public sealed class ClosingTests
{
    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"content\": 7}")]
    [InlineData("{\"type\":\"ack\"}")]
    public async Task Three_invalid_frames_in_a_row_close_with_4002(string text)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var socket = await server.ConnectAsync(tesla);
        for (var i = 0; i < 2; i++)
        {
            await socket.SendTextAsync(text);
            (await socket.NextAsync("error")).GetProperty("code").GetString().ShouldBe("invalid_frame");
        }

        await socket.SendAsync(new { content = "a good one" });
        await socket.NextAsync("ack");
        for (var i = 0; i < 3; i++)
        {
            await socket.SendTextAsync(text);
            await socket.NextAsync("error");
        }

        (await socket.CloseCodeAsync()).ShouldBe(4002);
    }

    [Fact]
    public async Task An_unknown_field_is_an_invalid_frame_once_parley_v1_was_agreed_on()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var socket = await server.ConnectAsync(tesla, null, "parley.v1");
        await socket.NextAsync("hello");
        await socket.SendAsync(new { content = "hello", contnet = "typo" });
        var error = await socket.NextAsync("error");
        error.GetProperty("code").GetString().ShouldBe("invalid_frame");
        error.GetProperty("field").GetString().ShouldBe("contnet");
    }

    [Fact]
    public async Task A_binary_frame_closes_with_1003()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.ConnectAsync(await server.AgentAsync("tesla"));
        await socket.SendBytesAsync([1, 2, 3], WebSocketMessageType.Binary);
        (await socket.CloseCodeAsync()).ShouldBe(1003);
    }

    [Fact]
    public async Task A_frame_over_256_KiB_closes_with_1009()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.ConnectAsync(await server.AgentAsync("tesla"));
        await socket.SendTextAsync(new string(' ', (256 * 1024) + 1));
        (await socket.CloseCodeAsync()).ShouldBe(1009);
    }

    [Fact]
    [Alone]
    public async Task A_revoked_token_closes_with_4001_within_two_seconds()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var socket = await server.ConnectAsync(tesla);
        var clock = Stopwatch.StartNew();
        using (var revoked = await server.Owner.DeleteJsonAsync($"/api/v1/tokens/{tesla.TokenId}"))
        {
            ((int)revoked.Status).ShouldBe(204, revoked.Body);
        }

        (await socket.CloseCodeAsync()).ShouldBe(4001);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        using var refused = await tesla.Http.GetJsonAsync("/api/v1/me");
        refused.ShouldBe(System.Net.HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_twenty_first_connection_of_a_token_closes_with_4029()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var sockets = new List<TestSocket>();
        for (var i = 0; i < 20; i++)
        {
            sockets.Add(await server.ConnectAsync(tesla));
        }

        using (var one = await server.ConnectAsync(tesla))
        {
            (await one.CloseCodeAsync()).ShouldBe(4029);
        }

        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_stopping_server_closes_with_1001()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.ConnectAsync(await server.AgentAsync("tesla"));
        await socket.SendAsync(new { type = "ping" });
        await socket.NextAsync("pong");
        var stopping = server.StopAsync();
        (await socket.CloseCodeAsync()).ShouldBe(1001);
        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        await stopping;
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_4008_and_loses_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var aaron = await server.AgentAsync("aaron");
        using var sender = await server.ConnectAsync(tesla);
        using var lazy = await server.ConnectAsync(aaron);
        var text = new string('x', 60_000);
        const int Count = 300;
        for (var i = 0; i < Count; i++)
        {
            await sender.SendAsync(new { content = text });
            await sender.NextAsync("ack");
        }

        await WaitForNoConnectionAsync(server);
        var last = 0L;
        while (await lazy.NextAsync() is { } frame)
        {
            last++;
            frame.GetProperty("inbox_number").GetInt64().ShouldBe(last);
        }

        ((int)lazy.Socket.CloseStatus!.Value).ShouldBe(4008);
        lazy.Socket.CloseStatusDescription!.ShouldStartWith("consumer_too_slow cursor=");
        lazy.Socket.CloseStatusDescription.ShouldEndWith($"-{last}");
        last.ShouldBeLessThan(Count);
        using var again = await server.ConnectAsync(aaron, $"&cursor={last}");
        for (var number = last + 1; number <= Count; number++)
        {
            (await again.NextAsync("status")).GetProperty("inbox_number").GetInt64().ShouldBe(number);
        }
    }

    /// <summary>Waits until the server has given up the connection of the agent that does not read.</summary>
    private static async Task WaitForNoConnectionAsync(TestServer server)
    {
        for (var i = 0; i < 1000; i++)
        {
            using var agent = await server.Owner.GetJsonAsync("/api/v1/agents/aaron");
            if (!agent.Required("connected").GetBoolean())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail("the connection was not given up");
    }
}
