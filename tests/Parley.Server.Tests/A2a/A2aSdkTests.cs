using System.Text.Json;
using Parley.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>The official JavaScript clients, against an agent that is connected through Parley's WebSocket.</summary>
public sealed class A2aSdkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("client-1.mjs", "JSONRPC", "ok JSONRPC")]
    [InlineData("client-1.mjs", "HTTP+JSON", "ok HTTP+JSON")]
    [InlineData("client-03.mjs", "", "ok 0.3")]
    public async Task The_official_client_sends_follows_continues_and_cancels(string script, string binding, string says)
    {
        var node = await NodeFolder.PrepareAsync("a2a");
        await using var house = await A2aHouse.OpenAsync();
        var agent = AnswerAsync(house);
        var start = node.Command(script, binding);
        start.Environment["PARLEY_TEST"] = JsonSerializer.Serialize(new { url = house.Server.Address.ToString(), token = house.Tesla.Secret });
        var (code, output) = await NodeFolder.RunAsync(start, Limit);
        code.ShouldBe(0, output);
        output.ShouldContain(says);
        house.Socket.Socket.Abort();
        await Should.ThrowAsync<Exception>(agent);
    }

    /// <summary>The agent: it answers each request with ordinary messages.</summary>
    private static async Task AnswerAsync(A2aHouse house)
    {
        while (await house.Socket.NextAsync(Limit) is { } frame)
        {
            if (frame.GetProperty("type").GetString() != "request")
            {
                continue;
            }

            var id = frame.GetProperty("metadata").GetProperty("parley.task").GetProperty("id").GetString();
            switch (frame.GetProperty("content").GetString())
            {
                case "plain":
                    await SayAsync(house, "plain!", new { }, frame.GetProperty("id").GetString());
                    break;
                case "ask":
                    await SayAsync(house, "How many?", new { task = new { id, state = "input_required" } });
                    break;
                case "chunks":
                    await SayAsync(house, "Writing", new { task = new { id, state = "working" } });
                    await SayAsync(house, "Part 1", new { task = new { id, artifact = new { id = "poem", text = "Roses are red, " } } });
                    await SayAsync(house, "Part 2", new { task = new { id, artifact = new { id = "poem", text = "violets are blue", append = true, last = true } } });
                    await SayAsync(house, "Done", new { task = new { id, state = "completed" } });
                    break;
                case "reject":
                    await SayAsync(house, "Not my work", new { task = new { id, state = "rejected" } });
                    break;
                case "silent":
                    break;
                case var more:
                    await SayAsync(house, $"Booked for {more}", new { task = new { id, state = "completed" } });
                    break;
            }
        }
    }

    private static Task SayAsync(A2aHouse house, string content, object metadata, string? replyTo = null) => house.Socket.SendAsync(new { type = "chat", to = "tesla", content, metadata, reply_to = replyTo });
}
