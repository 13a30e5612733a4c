using System.Net;
using System.Text;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Http;

public sealed class ErrorTests
{
    private const string Messages = "/api/v1/messages";

    [Theory]
    [InlineData("{\"to\":\"aaron\",\"contnet\":\"typo\"}", "contnet")]
    [InlineData("{\"to\":\"aaron\",\"content\":7}", "content")]
    [InlineData("{\"to\":\"aaron\"}", "content")]
    [InlineData("{\"content\":\"x\",\"type\":\"gossip\"}", "type")]
    [InlineData("{\"content\":\"x\",\"reply_to\":\"seven\"}", "reply_to")]
    [InlineData("{\"content\":\"x\",\"ttl\":-1}", "ttl")]
    [InlineData("{\"content\":\"x\",\"key\":\"\"}", "key")]
    [InlineData("{\"content\":\"a\\u0000b\"}", "content")]
    [InlineData("{\"content\":\"x\",\"metadata\":[1]}", "metadata")]
    public async Task A_wrong_field_is_named_and_nothing_is_stored(string json, string field)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var answer = await tesla.Http.PostTextAsync(Messages, json);
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request").GetProperty("field").GetString().ShouldBe(field);
        using var history = await tesla.Http.GetJsonAsync(Messages);
        history.Required("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("/api/v1/inbox?cursor=5", "cursor", "after")]
    [InlineData("/api/v1/messages?from=tesla", "from", "sender")]
    [InlineData("/api/v1/links?with=tesla", "with", "agent")]
    [InlineData("/api/v1/inbox?limit=1&limit=2", "limit", "once")]
    public async Task A_query_parameter_that_is_not_read_is_named_and_the_fix_says_what_is(string path, string field, string said)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var answer = await tesla.Http.GetJsonAsync(path);
        var problem = answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
        problem.GetProperty("field").GetString().ShouldBe(field);
        problem.GetProperty("fix").GetString()!.ShouldContain(said);
    }

    [Fact]
    public async Task A_wrong_query_of_somebody_without_a_token_says_nothing_but_that()
    {
        await using var server = await TestServer.StartAsync();
        using var nobody = new HttpClient { BaseAddress = server.Address };
        using var answer = await nobody.GetJsonAsync("/api/v1/inbox?cursor=5");
        answer.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"content\":\"a\",\"content\":\"b\"}")]
    [InlineData("{\"content\":\"a\"} trailing")]
    public async Task Malformed_JSON_is_an_invalid_request(string json)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.PostTextAsync(Messages, json);
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task JSON_that_is_too_deep_is_an_invalid_request()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.PostTextAsync(Messages, "{\"content\":\"x\",\"metadata\":{\"a\":" + new string('[', 40) + new string(']', 40) + "}}");
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Invalid_UTF_8_is_an_invalid_request()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.PostBytesAsync(Messages, [.. "{\"content\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_body_over_1_MiB_and_a_text_over_64_KiB_are_too_large()
    {
        await using var server = await TestServer.StartAsync();
        using var body = await server.Owner.PostTextAsync(Messages, "{\"content\":\"" + new string('x', 1024 * 1024) + "\"}");
        body.ShouldBe(HttpStatusCode.RequestEntityTooLarge, "too_large");
        using var text = await server.Owner.PostAsync(Messages, new { content = new string('x', (64 * 1024) + 1) });
        text.ShouldBe(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Messages) { Content = new StringContent("content=x", Encoding.UTF8, "application/x-www-form-urlencoded") };
        using var answer = await server.Owner.CallAsync(request);
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request").GetProperty("field").GetString().ShouldBe("content-type");
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_method_are_problems_too()
    {
        await using var server = await TestServer.StartAsync();
        using var unknown = await server.Owner.GetJsonAsync("/api/v1/nothing");
        unknown.ShouldBe(HttpStatusCode.NotFound, "not_found");
        using var method = await server.Owner.DeleteJsonAsync(Messages);
        method.ShouldBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Theory]
    [InlineData("/api/v1/messages?limit=0", "limit")]
    [InlineData("/api/v1/messages?limit=many", "limit")]
    [InlineData("/api/v1/messages?since=yesterday", "since")]
    [InlineData("/api/v1/messages?until=1&limit=7", "until")]
    [InlineData("/api/v1/messages?conversation=seven", "conversation")]
    [InlineData("/api/v1/messages?type=gossip", "type")]
    [InlineData("/api/v1/spend?days=many", "days")]
    [InlineData("/api/v1/inbox?wait=long", "wait")]
    [InlineData("/api/v1/meetings?archived=perhaps", "archived")]
    [InlineData("/api/v1/messages?before=7", "before")]
    [InlineData("/api/v1/messages/seven", "id")]
    [InlineData("/api/v1/audit?limit=501", "limit")]
    public async Task A_wrong_parameter_is_named(string path, string field)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.GetJsonAsync(path);
        answer.ShouldBe(HttpStatusCode.BadRequest, "invalid_request").GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Cursors_are_checked()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var wrong = await tesla.Http.GetJsonAsync("/api/v1/inbox?after=abc");
        wrong.ShouldBe(HttpStatusCode.BadRequest, "invalid_request");
        using var ahead = await tesla.Http.PostAsync("/api/v1/inbox/ack", new { cursor = "99" });
        ahead.ShouldBe(HttpStatusCode.Conflict, "cursor_ahead");
        using var epoch = await tesla.Http.GetJsonAsync("/api/v1/inbox?after=00000000-1");
        epoch.ShouldBe(HttpStatusCode.Conflict, "epoch_changed");
        using var person = await server.Owner.GetJsonAsync("/api/v1/inbox");
        person.ShouldBe(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_send_is_answered_like_its_repetition_with_the_same_key()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await server.AgentAsync("aaron");
        await server.LinkAsync("tesla", "aaron", quota: 1);
        var first = await SendAsync(tesla, "k", "hello");
        first.Required("credits_left").GetInt32().ShouldBe(0);
        var again = await SendAsync(tesla, "k", "hello");
        again.Required("duplicate").GetBoolean().ShouldBeTrue();
        again.Required("message_id").GetGuid().ShouldBe(first.Required("message_id").GetGuid());
        var deferred = await SendAsync(tesla, "k2", "hello again");
        deferred.Required("verdict").GetString().ShouldBe("deferred");
        deferred.Required("not_before").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
    }

    private static async Task<Answer> SendAsync(TestAgent agent, string key, string text)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Messages) { Content = new StringContent($$"""{"to":"aaron","content":"{{text}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await agent.Http.CallAsync(request);
    }
}
