using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>Inbox, conversations and agents as resources, and the templates of messages as prompts.</summary>
public sealed class McpResourceTests
{
    private const string Inbox = "parley://inbox";
    private static readonly string[] Nobody = ["parley://agents/nobody"];
    private static readonly TimeSpan Patience = Waiting.Patience;

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(RawMcp.Modern)]
    public async Task An_agent_reads_its_inbox_and_acknowledges_nothing_by_it(string version)
    {
        await using var pair = await Pair.OpenAsync(version);
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "one" });
        for (var i = 0; i < 2; i++)
        {
            var inbox = await ReadAsync(pair.Aaron, Inbox);
            inbox.GetProperty("messages")[0].GetProperty("text").GetString().ShouldBe("one");
            inbox.GetProperty("more").GetInt64().ShouldBe(0);
        }

        using var unread = await pair.AaronHttp.GetJsonAsync("/api/v1/inbox");
        unread.Required("unread").GetInt64().ShouldBe(1);
        var cursor = (await ReadAsync(pair.Aaron, Inbox)).GetProperty("cursor").GetString();
        await pair.Aaron.CallAsync("check_messages", new { cursor });
        (await ReadAsync(pair.Aaron, Inbox)).GetProperty("messages").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_an_agent_can_read_is_listed_and_can_be_read()
    {
        await using var pair = await Pair.OpenAsync();
        await pair.Server.AgentAsync("mallory");
        var sent = await pair.Tesla.ResultAsync("send_agent_message", new { to = "aaron", message = "one" });
        var conversation = $"parley://conversations/{sent.Meta!["parley/conversation_id"]}";
        var listed = (await pair.Tesla.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(one => one.Uri).ToList();
        listed.ShouldContain(Inbox);
        listed.ShouldContain(conversation);
        listed.ShouldContain("parley://agents/aaron");
        listed.ShouldNotContain("parley://agents/mallory");
        foreach (var uri in listed)
        {
            (await ReadAsync(pair.Tesla, uri)).ValueKind.ShouldBe(JsonValueKind.Object, uri);
        }

        (await ReadAsync(pair.Aaron, conversation)).GetProperty("messages")[0].GetProperty("text").GetString().ShouldBe("one");
        var aaron = await ReadAsync(pair.Tesla, "parley://agents/aaron");
        (aaron.GetProperty("name").GetString(), aaron.GetProperty("credits_left").GetInt32()).ShouldBe(("aaron", 499));
        (await ReadAsync(pair.Aaron, "parley://agents/aaron")).GetProperty("unread").GetInt64().ShouldBe(1);
        (await pair.Tesla.Client.ListResourceTemplatesAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(one => one.UriTemplate)
            .ShouldBe(["parley://conversations/{id}", "parley://agents/{name}"]);
    }

    [Theory]
    [InlineData("parley://inbox/2", RawMcp.Modern)]
    [InlineData("parley://nothing", RawMcp.Modern)]
    [InlineData("parley://agents/nobody", RawMcp.Modern)]
    [InlineData("parley://conversations/general", "2025-11-25")]
    [InlineData("file:///etc/passwd", "2025-11-25")]
    public async Task What_is_not_there_is_said_with_its_address_and_what_to_do(string uri, string version)
    {
        await using var pair = await Pair.OpenAsync(version);
        var refused = await Should.ThrowAsync<McpProtocolException>(() => ReadAsync(pair.Tesla, uri));
        refused.ErrorCode.ShouldBe(version == RawMcp.Modern ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
        refused.Message.ShouldContain("Check the name or id");
        await using var person = await McpConnection.OpenAsync(pair.Server, pair.Server.OwnerSecret, version);
        (await Should.ThrowAsync<McpProtocolException>(() => ReadAsync(person, Inbox))).Message.ShouldContain("Only an agent has an inbox");
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task A_client_that_follows_its_inbox_is_told_of_a_message(string version)
    {
        await using var pair = await Pair.OpenAsync(version);
        var told = Channel.CreateUnbounded<string>();
        await using (await pair.Aaron.Client.SubscribeToResourceAsync(Inbox, Hear(told), cancellationToken: TestContext.Current.CancellationToken))
        {
            for (var i = 1; i <= 3; i++)
            {
                await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = $"message {i}" });
                (await told.Reader.ReadAsync(TestContext.Current.CancellationToken).Within(Patience)).ShouldBe(Inbox);
                (await ReadAsync(pair.Aaron, Inbox)).GetProperty("messages").GetArrayLength().ShouldBe(i);
            }
        }

        using var unread = await pair.AaronHttp.GetJsonAsync("/api/v1/inbox");
        unread.Required("unread").GetInt64().ShouldBe(3, "being told acknowledges nothing");
    }

    [Fact]
    public async Task Conversations_and_agents_can_be_followed_too()
    {
        await using var pair = await Pair.OpenAsync("2025-11-25");
        var sent = await pair.Tesla.ResultAsync("send_agent_message", new { to = "aaron", message = "first" });
        var (conversation, agent) = ($"parley://conversations/{sent.Meta!["parley/conversation_id"]}", "parley://agents/tesla");
        var told = Channel.CreateUnbounded<string>();
        await using var one = await pair.Aaron.Client.SubscribeToResourceAsync(conversation, Hear(told), cancellationToken: TestContext.Current.CancellationToken);
        await using var two = await pair.Aaron.Client.SubscribeToResourceAsync(agent, Hear(told), cancellationToken: TestContext.Current.CancellationToken);
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "second" });
        string[] heard = [await told.Reader.ReadAsync(TestContext.Current.CancellationToken).Within(Patience), await told.Reader.ReadAsync(TestContext.Current.CancellationToken).Within(Patience)];
        heard.ShouldBe([conversation, agent], ignoreOrder: true);
    }

    [Fact]
    public async Task From_2026_on_one_call_follows_them_all_until_its_connection_ends()
    {
        await using var pair = await Pair.OpenAsync(RawMcp.Modern);
        var sent = await pair.Tesla.ResultAsync("send_agent_message", new { to = "aaron", message = "first" });
        var conversation = $"parley://conversations/{sent.Meta!["parley/conversation_id"]}";
        using var client = pair.Server.Client(pair.AaronSecret);
        using var request = RawMcp.ModernRequest("subscriptions/listen", new { notifications = new { toolsListChanged = true, resourceSubscriptions = new[] { Inbox, conversation } } });
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var events = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = JsonElement.Parse((await events.NextWithin(Patience)).Data);
        first.GetProperty("method").GetString().ShouldBe("notifications/subscriptions/acknowledged");
        first.GetProperty("params").GetProperty("notifications").GetRawText().ShouldBe($$"""{"resourceSubscriptions":["{{Inbox}}","{{conversation}}"]}""");
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "second" });
        var told = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            var update = JsonElement.Parse((await events.NextWithin(Patience)).Data);
            update.GetProperty("method").GetString().ShouldBe("notifications/resources/updated");
            update.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32().ShouldBe(7);
            told.Add(update.GetProperty("params").GetProperty("uri").GetString());
        }

        told.ShouldBe([Inbox, conversation], ignoreOrder: true);
        var refused = await RawMcp.ModernAsync(client, "subscriptions/listen", new { notifications = new { resourceSubscriptions = Nobody } });
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.Message.GetProperty("error").GetProperty("data").GetRawText().ShouldBe("""{"code":"not_found","uri":"parley://agents/nobody"}""");
        (await RawMcp.ModernAsync(client, "subscriptions/listen", new { notifications = new { resourceSubscriptions = "all" } })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_templates_of_messages_are_prompts()
    {
        await using var pair = await Pair.OpenAsync();
        var prompts = await pair.Tesla.Client.ListPromptsAsync(cancellationToken: TestContext.Current.CancellationToken);
        prompts.Select(prompt => prompt.Name).ShouldBe(["request", "completed", "clarify", "decline"]);
        var completed = prompts[1].ProtocolPrompt.Arguments!;
        completed.Where(argument => argument.Required == true).Select(argument => argument.Name).ShouldBe(["summary", "details"]);
        var filled = await pair.Tesla.Client.GetPromptAsync(
            "completed", new Dictionary<string, object?> { ["to"] = "aaron", ["summary"] = "the build is green", ["details"] = "fixed a test\nran all" }, cancellationToken: TestContext.Current.CancellationToken);
        filled.Messages.ShouldHaveSingleItem().Content.ShouldBeOfType<TextContentBlock>().Text
            .ShouldBe("Send this to aaron with send_agent_message, as it is:\n\nTask completed: the build is green\n\nDetails:\n- fixed a test\n- ran all");
        var refused = await Should.ThrowAsync<McpProtocolException>(() => pair.Tesla.Client.GetPromptAsync("decline", cancellationToken: TestContext.Current.CancellationToken).AsTask());
        (refused.ErrorCode, refused.Message).ShouldSatisfyAllConditions(found => found.ErrorCode.ShouldBe(McpErrorCode.InvalidParams), found => found.Message.ShouldContain("Fill in: reason, recommendation"));
        (await Should.ThrowAsync<McpProtocolException>(() => pair.Tesla.Client.GetPromptAsync("poem", cancellationToken: TestContext.Current.CancellationToken).AsTask())).ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        var names = await pair.Tesla.Client.CompleteAsync(new ResourceTemplateReference { Uri = "parley://agents/{name}" }, "name", "aa", cancellationToken: TestContext.Current.CancellationToken);
        names.Completion.Values.ShouldBe(["aaron"]);
    }

    [Fact]
    public async Task A_session_that_was_ended_is_not_taken_any_more_and_one_of_another_server_is()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var follow = RawMcp.Request("resources/subscribe", new { uri = Inbox });
        (await RawMcp.PostAsync(tesla.Http, follow)).Message.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("Mcp-Session-Id");
        (await RawMcp.PostAsync(tesla.Http, follow, ("Mcp-Session-Id", "of-another-server"))).Result.ValueKind.ShouldBe(JsonValueKind.Object);
        using var end = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        end.Headers.Add("Mcp-Session-Id", "of-another-server");
        using var ended = await tesla.Http.SendAsync(end, TestContext.Current.CancellationToken);
        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await RawMcp.PostAsync(tesla.Http, follow, ("Mcp-Session-Id", "of-another-server"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await RawMcp.PostAsync(tesla.Http, follow, ("Mcp-Session-Id", new string('x', 129)))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var other = await server.AgentAsync("aaron");
        (await RawMcp.PostAsync(other.Http, follow, ("Mcp-Session-Id", "of-another-server"))).Status.ShouldBe(HttpStatusCode.OK, "a session belongs to its token");
    }

    [Fact]
    public async Task A_client_follows_a_hundred_resources_at_most()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        for (var i = 0; i < 100; i++)
        {
            await server.AgentAsync($"agent{i}");
            (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("resources/subscribe", new { uri = $"parley://agents/agent{i}" }), ("Mcp-Session-Id", "one"))).Result.ValueKind.ShouldBe(JsonValueKind.Object);
        }

        (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("resources/subscribe", new { uri = Inbox }), ("Mcp-Session-Id", "one"))).Message.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("at most 100");
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_is_revoked()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Mcp-Session-Id", "one");
        using var response = await tesla.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var revoked = await server.Owner.DeleteJsonAsync($"/api/v1/tokens/{tesla.TokenId}");
        revoked.Status.ShouldBe(HttpStatusCode.NoContent);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Within(Patience)).ShouldStartWith(": parley");
    }

    private static Func<ResourceUpdatedNotificationParams, CancellationToken, ValueTask> Hear(Channel<string> told) => (update, _) =>
    {
        told.Writer.TryWrite(update.Uri);
        return ValueTask.CompletedTask;
    };

    private static async Task<JsonElement> ReadAsync(McpConnection connection, string uri)
    {
        var read = await connection.Client.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken);
        return JsonElement.Parse(read.Contents.ShouldHaveSingleItem().ShouldBeOfType<TextResourceContents>().Text);
    }
}
