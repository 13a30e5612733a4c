using System.Net;
using System.Text;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>The address as the specifications have it, by version.</summary>
public sealed class McpProtocolTests
{
    private const int HeaderMismatch = -32020;
    private const int UnsupportedVersion = -32022;
    private const int MethodNotFound = -32601;
    private const int InvalidParams = -32602;
    private const int InvalidRequest = -32600;
    private static readonly object Client = new { name = "raw", version = "1" };

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task A_client_with_a_handshake_gets_the_version_it_asks_for_and_needs_no_session(string version)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var hello = await RawMcp.PostAsync(tesla.Http, RawMcp.Request("initialize", new { protocolVersion = version, capabilities = new { }, clientInfo = Client }));
        hello.Status.ShouldBe(HttpStatusCode.OK, hello.Body);
        hello.Result.GetProperty("protocolVersion").GetString().ShouldBe(version);
        hello.Result.GetProperty("serverInfo").GetProperty("name").GetString().ShouldBe("parley");
        (await RawMcp.PostAsync(tesla.Http, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", ("MCP-Protocol-Version", version))).Status.ShouldBe(HttpStatusCode.Accepted);
        var tools = await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"), ("MCP-Protocol-Version", version), ("Mcp-Session-Id", "of-another-server"));
        tools.Result.GetProperty("tools").GetArrayLength().ShouldBe(10);
        using var end = await tesla.Http.DeleteJsonAsync("/mcp");
        end.Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_missing_version_and_a_late_cancellation_are_tolerated()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"))).Result.GetProperty("tools").GetArrayLength().ShouldBe(10);
        var late = await RawMcp.PostAsync(tesla.Http, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"late"}}""");
        late.Status.ShouldBe(HttpStatusCode.Accepted, late.Body);
        late.Body.ShouldBeEmpty();
        (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("ping"), ("Accept", null))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_of_2026_discovers_the_server_and_calls_without_a_handshake()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var found = await RawMcp.ModernAsync(tesla.Http, "server/discover");
        found.Status.ShouldBe(HttpStatusCode.OK, found.Body);
        found.Result.GetProperty("supportedVersions").EnumerateArray().Select(version => version.GetString()).ShouldContain(RawMcp.Modern);
        found.Result.GetProperty("capabilities").TryGetProperty("tools", out _).ShouldBeTrue();
        var tools = await RawMcp.ModernAsync(tesla.Http, "tools/list");
        tools.Result.GetProperty("tools").GetArrayLength().ShouldBe(10);
        tools.Result.GetProperty("ttlMs").GetInt64().ShouldBePositive();
        var called = await RawMcp.ModernAsync(tesla.Http, "tools/call", new { name = "list_agents", arguments = new { } });
        called.Result.GetProperty("content")[0].GetProperty("text").GetString().ShouldStartWith("{\"you\":\"tesla\"");
    }

    [Theory]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Name", null)]
    [InlineData("Mcp-Name", "meeting")]
    [InlineData("Mcp-Name", "=?base64?!!!?=")]
    [InlineData("MCP-Protocol-Version", null)]
    [InlineData("MCP-Protocol-Version", "2025-11-25")]
    public async Task From_2026_on_headers_that_say_something_else_than_the_body_are_refused(string header, string? value)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var refused = await RawMcp.ModernAsync(tesla.Http, "tools/call", new { name = "list_agents", arguments = new { } }, (header, value));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.ErrorCode.ShouldBe(HeaderMismatch);
        refused.Message.GetProperty("id").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task A_name_may_come_as_Base64()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var name = $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes("list_agents"))}?=";
        (await RawMcp.ModernAsync(tesla.Http, "tools/call", new { name = "list_agents", arguments = new { } }, ("Mcp-Name", name))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("nothing/here")]
    [InlineData("resources/subscribe")]
    public async Task From_2026_on_a_method_that_is_not_there_is_404(string method)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var refused = await RawMcp.ModernAsync(tesla.Http, method);
        refused.Status.ShouldBe(HttpStatusCode.NotFound, refused.Body);
        refused.ErrorCode.ShouldBe(MethodNotFound);
    }

    [Fact]
    public async Task From_2026_on_the_metadata_is_needed()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var refused = await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"), ("MCP-Protocol-Version", RawMcp.Modern), ("Mcp-Method", "tools/list"));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.ErrorCode.ShouldBe(InvalidParams);
    }

    [Theory]
    [InlineData("1900-01-01")]
    [InlineData("2027-01-01")]
    [InlineData("nonsense")]
    public async Task An_unknown_version_is_refused_with_those_that_are_spoken(string version)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var refused = await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"), ("MCP-Protocol-Version", version));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.ErrorCode.ShouldBe(UnsupportedVersion);
        string?[] spoken = ["2025-06-18", "2025-11-25", RawMcp.Modern];
        spoken.ShouldBeSubsetOf(refused.Message.GetProperty("error").GetProperty("data").GetProperty("supported").EnumerateArray().Select(one => one.GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"jsonrpc\":\"2.0\"")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"meeting\",\"name\":\"list_agents\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}")]
    public async Task What_is_no_message_is_refused(string body)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var refused = await RawMcp.PostAsync(tesla.Http, body);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.ErrorCode.ShouldBe(InvalidRequest);
    }

    [Fact]
    public async Task Reading_the_address_is_no_method_of_it_and_2026_has_no_session_to_end()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var read = await tesla.Http.GetJsonAsync("/mcp");
        read.ShouldBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        request.Headers.Add("MCP-Protocol-Version", RawMcp.Modern);
        using var end = await tesla.Http.SendAsync(request, TestContext.Current.CancellationToken);
        end.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Without_a_token_a_client_is_told_which_one_is_needed_and_foreign_sites_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var nobody = server.Client(null);
        var unknown = await RawMcp.PostAsync(nobody, RawMcp.Request("tools/list"));
        unknown.Status.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.Challenges.ShouldBe(["Bearer"]);
        (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"), ("Origin", "https://evil.example"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"), ("Host", "evil.example"))).Status.ShouldBe(HttpStatusCode.MisdirectedRequest);
        (await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/list"), ("Origin", server.Address.GetLeftPart(UriPartial.Authority)))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var large = await RawMcp.PostAsync(tesla.Http, RawMcp.Request("tools/call", new { name = "list_agents", arguments = new { note = new string('x', 1024 * 1024) } }));
        large.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
