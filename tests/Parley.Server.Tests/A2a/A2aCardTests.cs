using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Parley.Server.Tests.Security;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

public sealed class A2aCardTests
{
    private static readonly string[] Skills = ["code-review", "testing"];

    [Theory]
    [InlineData("/.well-known/agent-card.json", "Parley", "/a2a")]
    [InlineData("/a2a/.well-known/agent-card.json", "Parley", "/a2a")]
    [InlineData("/a2a/aaron/.well-known/agent-card.json", "aaron", "/a2a/aaron")]
    [InlineData("/a2a/aaron/agent-card.json", "aaron", "/a2a/aaron")]
    public async Task Anybody_reads_a_card_that_both_generations_understand(string path, string name, string address)
    {
        await using var house = await A2aHouse.OpenAsync();
        using var nobody = house.Server.Client(null);
        using var answer = await nobody.GetJsonAsync(path);
        answer.Required("name").GetString().ShouldBe(name);
        var url = new Uri(house.Server.Address, address).ToString();
        answer.Json.GetProperty("supportedInterfaces").EnumerateArray()
            .Select(one => $"{one.GetProperty("protocolBinding").GetString()} {one.GetProperty("protocolVersion").GetString()} {one.GetProperty("url").GetString()}")
            .ShouldBe([$"JSONRPC 1.0 {url}", $"HTTP+JSON 1.0 {url}", $"JSONRPC 0.3 {url}"]);
        answer.Json.GetProperty("securitySchemes").GetProperty("parley").GetProperty("httpAuthSecurityScheme").GetProperty("scheme").GetString().ShouldBe("Bearer");
        answer.Json.GetProperty("securitySchemes").GetProperty("parley").GetProperty("type").GetString().ShouldBe("http");
        answer.Json.GetProperty("securityRequirements")[0].GetProperty("schemes").GetProperty("parley").GetProperty("list").GetArrayLength().ShouldBe(0);
        answer.Json.GetProperty("security")[0].GetProperty("parley").GetArrayLength().ShouldBe(0);
        answer.Json.GetProperty("protocolVersion").GetString().ShouldBe("0.3.0");
        answer.Json.GetProperty("url").GetString().ShouldBe(url);
        answer.Json.GetProperty("preferredTransport").GetString().ShouldBe("JSONRPC");
        answer.Json.GetProperty("capabilities").GetProperty("streaming").GetBoolean().ShouldBeTrue();
        answer.Json.GetProperty("skills")[0].GetProperty("tags").GetArrayLength().ShouldBePositive();
    }

    [Fact]
    public async Task A_card_may_be_kept_and_is_asked_for_again_only_when_it_changed()
    {
        await using var house = await A2aHouse.OpenAsync();
        using var nobody = house.Server.Client(null);
        using var first = await nobody.GetAsync(new Uri("/a2a/aaron/agent-card.json", UriKind.Relative), A2aHouse.Ct);
        first.Headers.CacheControl!.Public.ShouldBeTrue();
        first.Headers.CacheControl.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        first.Content.Headers.LastModified.ShouldNotBeNull();
        var tag = first.Headers.ETag.ShouldNotBeNull();
        (await StatusAsync(nobody, request => request.Headers.IfNoneMatch.Add(tag))).ShouldBe(HttpStatusCode.NotModified);
        (await StatusAsync(nobody, request => request.Headers.IfModifiedSince = first.Content.Headers.LastModified)).ShouldBe(HttpStatusCode.NotModified);
        (await StatusAsync(nobody, request => request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\"")))).ShouldBe(HttpStatusCode.OK);
        using (await house.Server.Owner.PatchAsync("/api/v1/agents/aaron", new { description = "Reviews code", skills = Skills }))
        {
            (await StatusAsync(nobody, request => request.Headers.IfNoneMatch.Add(tag))).ShouldBe(HttpStatusCode.OK);
            using var changed = await nobody.GetJsonAsync("/a2a/aaron/agent-card.json");
            changed.Required("skills").EnumerateArray().Select(skill => skill.GetProperty("id").GetString()).ShouldBe(Skills);
        }
    }

    [Fact]
    public async Task The_extended_card_says_how_often_the_caller_may_still_write()
    {
        await using var house = await A2aHouse.OpenAsync(quota: 12);
        var card = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "GetExtendedAgentCard", new { });
        card.GetProperty("capabilities").GetProperty("extensions")[0].GetProperty("params").GetProperty("creditsLeft").GetInt32().ShouldBe(12);
        using var same = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "aaron/extendedAgentCard");
        same.Required("capabilities").GetProperty("extensions").GetArrayLength().ShouldBe(1);
        (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "agent/getAuthenticatedExtendedCard", new { }, version: null)).GetProperty("name").GetString().ShouldBe("aaron");
        using var nobody = house.Server.Client(null);
        using var refused = await A2aHouse.RestAsync(nobody, HttpMethod.Get, "aaron/extendedAgentCard");
        refused.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task Groups_and_agents_of_other_organizations_have_no_public_card()
    {
        await using var world = await World.CreateAsync();
        using var nobody = world.Server.Client(null);
        foreach (var hidden in new[] { "zeno", "zelda", world.Foreign.Agent, "channel:general", "meeting:" + world.Own.Meeting, Guid.NewGuid().ToString(), "nobody", new string('a', 100) })
        {
            using var answer = await nobody.GetJsonAsync($"/a2a/{hidden}/agent-card.json");
            answer.ShouldBe(HttpStatusCode.NotFound, "not_found");
        }

        using (var member = await world.Tesla.Http.GetJsonAsync("/a2a/channel:general/agent-card.json"))
        {
            member.Required("description").GetString()!.ShouldContain("aaron");
        }

        using (var stranger = await world.Mallory.Http.GetJsonAsync("/a2a/channel:general/agent-card.json"))
        {
            stranger.ShouldBe(HttpStatusCode.NotFound, "not_found");
        }

        using var foreign = await world.ForeignAgent.GetJsonAsync("/a2a/zeno/agent-card.json");
        foreign.Required("name").GetString().ShouldBe("zeno");
        using var own = await world.ForeignAgent.GetJsonAsync("/a2a/aaron/agent-card.json");
        own.ShouldBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Switched_off_there_is_nothing()
    {
        await using var house = await A2aHouse.OpenAsync();
        using (await house.Server.Owner.PatchAsync("/api/v1/features", new { a2a = false }))
        {
            using var nobody = house.Server.Client(null);
            foreach (var path in new[] { "/.well-known/agent-card.json", "/a2a/aaron/agent-card.json" })
            {
                using var card = await nobody.GetJsonAsync(path);
                card.ShouldBe(HttpStatusCode.NotFound, "not_found");
            }

            using var sent = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Post, "aaron/message:send", new { message = house.Message("hi") });
            sent.ShouldBe(HttpStatusCode.NotFound, "not_found");
            using var asked = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Post, "message:send", new { message = house.Message("hi") });
            asked.ShouldBe(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task The_server_itself_answers_with_a_message_that_names_who_is_here()
    {
        await using var house = await A2aHouse.OpenAsync();
        var answer = await A2aHouse.ResultAsync(house.Tesla.Http, "", "SendMessage", new { message = house.Message("Who is here?") });
        answer.GetProperty("message").GetProperty("parts")[0].GetProperty("text").GetString()!.ShouldContain("/a2a/aaron");
        var legacy = await A2aHouse.ResultAsync(
            house.Tesla.Http, "", "message/send", new { message = new { kind = "message", messageId = "x", role = "user", parts = new[] { new { kind = "text", text = "Who?" } } } }, version: null);
        legacy.GetProperty("kind").GetString().ShouldBe("message");
        (await A2aHouse.CodeAsync(house.Tesla.Http, "", "GetTask", new { id = Guid.NewGuid() })).ShouldBe(-32001);
        var told = new List<JsonElement>();
        await foreach (var happened in A2aHouse.StreamAsync(house.Tesla.Http, A2aHouse.Request(HttpMethod.Post, "/a2a/message:stream", new { message = house.Message("Who?") }, "1.0")))
        {
            told.Add(happened);
        }

        told.Single().TryGetProperty("message", out _).ShouldBeTrue("one message, and the stream ends");
    }

    [Theory]
    [InlineData("/.well-known/agent-card.json")]
    [InlineData("/a2a/aaron")]
    [InlineData("/a2a/aaron/tasks")]
    public async Task A_foreign_host_or_site_is_refused_before_routing(string path)
    {
        await using var house = await A2aHouse.OpenAsync();
        using var foreign = new HttpRequestMessage(HttpMethod.Get, path);
        foreign.Headers.Host = "evil.example.org";
        using var host = await house.Tesla.Http.CallAsync(foreign);
        host.ShouldBe(HttpStatusCode.MisdirectedRequest, "host_refused");
        using var site = new HttpRequestMessage(HttpMethod.Get, path);
        site.Headers.Add("Origin", "https://evil.example.org");
        using var origin = await house.Tesla.Http.CallAsync(site);
        origin.ShouldBe(HttpStatusCode.Forbidden, "origin_refused");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a2a/aaron/agent-card.json");
        change(request);
        using var answer = await client.SendAsync(request, A2aHouse.Ct);
        return answer.StatusCode;
    }
}
