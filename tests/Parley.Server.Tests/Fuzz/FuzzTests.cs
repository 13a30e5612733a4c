using System.Net.WebSockets;
using System.Text;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Fuzz;

/// <summary>Random frames and bodies: never a fault of ours, and the server goes on.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 1500;
    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ":", ",", "null", "true", "1e999", "-0", "\"", "\\u0000", "\\ud800", "\"content\":", "\"to\":", "\"#general\"", "\"aaron\"", "\"type\":", "\"ack\"", "\"resume\"", "\"cursor\":",
        "\"metadata\":", "\"mentions\":[\"@a\"]", "\"reply_to\":", "\"00000000-0000-0000-0000-000000000000\"", "\"ttl\":", "\"reply_by\":\"9999-12-31T23:59:59Z\"", "\"key\":", "\"@tesla ```\"", "\u202e", "💥",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_bodies_never_make_the_server_fail(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var random = new Random(seed);
        string[] paths = ["/api/v1/messages", "/api/v1/inbox/ack", "/api/v1/agents", "/api/v1/links", "/api/v1/halts", "/api/v1/tokens", "/api/v1/projects/default/leases"];
        for (var i = 0; i < Rounds; i++)
        {
            using var answer = await (i % 2 == 0 ? server.Owner : tesla.Http).PostBytesAsync(paths[random.Next(paths.Length)], Body(random));
            ((int)answer.Status).ShouldNotBe(500, $"seed {seed}, round {i}: {answer.Body}");
        }

        using var ready = await server.Owner.GetJsonAsync("/health/ready");
        ready.Required("status").GetString().ShouldBe("ready");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_frames_never_make_the_server_fail(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var random = new Random(seed);
        for (var i = 0; i < Rounds / 10; i++)
        {
            using var socket = await server.ConnectAsync(tesla, null, random.Next(2) == 0 ? ["parley.v1"] : []);
            await TryAsync(socket, random);
            socket.Socket.Abort();
        }

        using var last = await server.ConnectAsync(tesla);
        await last.SendAsync(new { type = "ping" });
        while ((await last.NextAsync())!.Value.GetProperty("type").GetString() != "pong")
        {
            // What earlier frames sent comes first.
        }
    }

    private static async Task TryAsync(TestSocket socket, Random random)
    {
        try
        {
            for (var i = 0; i < 6; i++)
            {
                await socket.SendBytesAsync(Body(random), random.Next(20) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text);
            }

            await socket.SendAsync(new { type = "ping" });
            while (await socket.NextAsync() is { } frame && frame.GetProperty("type").GetString() != "pong")
            {
                if (frame.TryGetProperty("code", out var code))
                {
                    code.GetString().ShouldNotBe("internal", frame.ToString());
                }
            }
        }
        catch (WebSocketException)
        {
            // The server closed while this client was still writing.
        }
    }

    private static byte[] Body(Random random)
    {
        if (random.Next(4) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }

        var text = new StringBuilder(random.Next(2) == 0 ? "{" : "");
        for (var i = random.Next(12); i > 0; i--)
        {
            text.Append(Fragments[random.Next(Fragments.Length)]);
        }

        return Encoding.UTF8.GetBytes(text.Append(random.Next(2) == 0 ? "}" : "").ToString());
    }
}
