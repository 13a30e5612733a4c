using System.Net;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Http;

public sealed class InboxTests
{
    [Fact]
    public async Task A_long_poll_answers_with_the_first_message()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        var waiting = aaron.Http.GetJsonAsync("/api/v1/inbox?wait=30");
        await UntilConnectedAsync(server);
        using (await tesla.Http.PostAsync("/api/v1/messages", new { content = "hello" }))
        {
            using var page = await waiting.WaitAsync(TestSocket.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
            page.Required("items")[0].GetProperty("content").GetString().ShouldBe("hello");
            page.Required("unread").GetInt64().ShouldBe(1);
            using var acked = await aaron.Http.PostAsync("/api/v1/inbox/ack", new { cursor = page.Required("cursor").GetString() });
            acked.Required("acknowledged").GetInt32().ShouldBe(1);
        }

        using var empty = await aaron.Http.GetJsonAsync("/api/v1/inbox");
        empty.Required("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Each_page_hands_out_the_cursor_from_which_the_next_goes_on_without_a_gap()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        for (var number = 1; number <= 5; number++)
        {
            using var sent = await tesla.Http.PostAsync("/api/v1/messages", new { content = $"{number}" });
        }

        var (cursor, texts) = ("0", new List<string?>());
        for (var page = 1; page <= 3; page++)
        {
            using var answer = await aaron.Http.GetJsonAsync($"/api/v1/inbox?limit=2&after={cursor}");
            texts.AddRange(answer.Required("items").EnumerateArray().Select(item => item.GetProperty("content").GetString()));
            cursor = answer.Required("cursor").GetString()!;
        }

        texts.ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    public async Task An_acknowledgement_may_name_an_inbox_number_as_number_or_text(string number)
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        using var sent = await tesla.Http.PostAsync("/api/v1/messages", new { content = "hello" });
        using var acked = await aaron.Http.PostTextAsync("/api/v1/inbox/ack", $"{{\"cursor\":{number}}}");
        acked.Required("acknowledged").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1.5")]
    [InlineData("[1]")]
    public async Task What_is_no_cursor_acknowledges_nothing(string cursor)
    {
        await using var server = await TestServer.StartAsync();
        var aaron = await server.AgentAsync("aaron");
        using var answer = await aaron.Http.PostTextAsync("/api/v1/inbox/ack", $"{{\"cursor\":{cursor}}}");
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request").GetProperty("field").GetString().ShouldBe("cursor");
    }

    [Fact]
    public async Task A_repeated_send_is_answered_as_the_first_was()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        for (var number = 0; number < 5; number++) // the clock of one answer in ten has whole microseconds by chance
        {
            var message = new { content = $"hello {number}", key = $"k-{number}" };
            using var first = await tesla.Http.PostAsync("/api/v1/messages", message);
            using var again = await tesla.Http.PostAsync("/api/v1/messages", message);
            again.Body.ShouldBe(first.Body.Replace("\"duplicate\":false", "\"duplicate\":true", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_event_stream_follows_the_inbox_and_resumes_by_its_last_event()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        using (await tesla.Http.PostAsync("/api/v1/messages", new { content = "one" }))
        {
            var id = await ReadEventAsync(aaron, null, "one", () => Task.CompletedTask);
            await ReadEventAsync(aaron, id, "two", async () => (await tesla.Http.PostAsync("/api/v1/messages", new { content = "two" })).Required("number").GetInt64().ShouldBe(2));
        }
    }

    private static async Task<string> ReadEventAsync(TestAgent agent, string? lastEventId, string content, Func<Task> afterwards)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/inbox/stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await agent.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await afterwards();
        var id = "";
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                line.ShouldContain($"\"content\":\"{content}\"");
                return id;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static async Task UntilConnectedAsync(TestServer server)
    {
        for (var i = 0; i < 500; i++)
        {
            using var agent = await server.Owner.GetJsonAsync("/api/v1/agents/aaron");
            if (agent.Required("connected").GetBoolean())
            {
                return;
            }
        }
    }
}
