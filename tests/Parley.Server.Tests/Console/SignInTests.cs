using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Console;

/// <summary>A link signs a browser in once; its cookie counts for this server's own pages only.</summary>
public sealed partial class SignInTests
{
    [Fact]
    public async Task A_link_signs_in_one_browser_once()
    {
        await using var server = await TestServer.StartAsync();
        var link = await LinkAsync(server);
        using var first = await SignInAsync(server, link);
        first.Required("user").GetString().ShouldBe("owner");
        using var again = await SignInAsync(server, link);
        again.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_cookie_is_hidden_from_scripts_and_other_sites_and_has_a_name_of_this_port()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await SignInAsync(server, await LinkAsync(server));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith($"parley-{server.Address.Port}=pc_");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldContain("path=/");
        cookie.ShouldNotContain("domain=");
    }

    [Fact]
    public async Task A_page_of_this_server_reads_and_changes_with_the_cookie()
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await CookieAsync(server);
        using var me = await CallAsync(server, cookie, HttpMethod.Get, "/api/v1/me", origin: null, site: "same-origin");
        me.Required("name").GetString().ShouldBe("owner");
        using var added = await CallAsync(server, cookie, HttpMethod.Post, "/api/v1/agents", Own(server), "same-origin", """{"name":"tesla"}""");
        added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("http://127.0.0.1:1", null)]
    [InlineData("http://localhost:1", "same-site")]
    [InlineData("https://evil.example.org", "cross-site")]
    [InlineData("null", "cross-site")]
    public async Task What_another_page_asks_changes_nothing(string? origin, string? site)
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await CookieAsync(server);
        using var answer = await CallAsync(server, cookie, HttpMethod.Post, "/api/v1/agents", origin, site, """{"name":"tesla"}""");
        answer.ShouldBe(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task An_allowed_foreign_origin_may_not_use_the_cookie()
    {
        await using var server = await TestServer.StartAsync(options => options with { AllowedOrigins = ["https://console.example.org"] });
        var cookie = await CookieAsync(server);
        using var answer = await CallAsync(server, cookie, HttpMethod.Get, "/api/v1/me", "https://console.example.org", "cross-site");
        answer.ShouldBe(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task A_read_from_another_page_is_refused_where_the_browser_says_so()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await CallAsync(server, await CookieAsync(server), HttpMethod.Get, "/api/v1/me", origin: null, site: "same-site");
        answer.ShouldBe(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task Another_page_cannot_sign_a_browser_in()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(null);
        using var answer = await client.PostAsync("/api/v1/console/sign-in", new { link = await LinkAsync(server) });
        answer.ShouldBe(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task A_session_is_no_bearer_token_and_a_bearer_token_no_session()
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await CookieAsync(server);
        using var bearer = server.Client(cookie.Split('=')[1]);
        using var asBearer = await bearer.GetJsonAsync("/api/v1/me");
        asBearer.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
        using var asCookie = await CallAsync(server, $"parley-{server.Address.Port}={server.OwnerSecret}", HttpMethod.Get, "/api/v1/me", origin: null, site: null);
        asCookie.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_browser_that_is_signed_out_elsewhere_can_do_nothing_more_and_its_connection_ends()
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await CookieAsync(server);
        using var socket = await OpenAsync(server, cookie, Own(server));
        await socket.NextAsync("hello");
        using var sessions = await server.Owner.GetJsonAsync("/api/v1/console/sessions");
        var session = sessions.Required("items")[0];
        session.GetProperty("user").GetString().ShouldBe("owner");
        using var revoked = await server.Owner.DeleteJsonAsync($"/api/v1/console/sessions/{session.GetProperty("id").GetGuid()}");
        revoked.Status.ShouldBe(HttpStatusCode.NoContent);
        using var me = await CallAsync(server, cookie, HttpMethod.Get, "/api/v1/me", origin: null, site: null);
        me.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
        (await socket.CloseCodeAsync()).ShouldBe(4001);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await CookieAsync(server);
        using var answer = await CallAsync(server, cookie, HttpMethod.Post, "/api/v1/console/sign-out", Own(server), "same-origin");
        answer.Status.ShouldBe(HttpStatusCode.NoContent, answer.Body);
        answer.Headers.GetValues("Set-Cookie").Single().ShouldContain("expires=Thu, 01 Jan 1970");
        using var me = await CallAsync(server, cookie, HttpMethod.Get, "/api/v1/me", origin: null, site: null);
        me.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://localhost:1")]
    public async Task A_socket_with_the_cookie_needs_the_origin_of_this_server(string? origin)
    {
        await using var server = await TestServer.StartAsync();
        var cookie = await CookieAsync(server);
        await Should.ThrowAsync<WebSocketException>(() => OpenAsync(server, cookie, origin));
    }

    [Fact]
    public async Task The_console_hears_where_something_was_said_in_its_own_organization()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var socket = await OpenAsync(server, await CookieAsync(server), Own(server));
        await socket.NextAsync("hello");
        using var sent = await tesla.Http.PostAsync("/api/v1/messages", new { to = "#general", content = "hello" });
        var changed = await socket.NextAsync("changed");
        changed.GetProperty("conversations").EnumerateArray().Select(id => id.GetGuid()).ShouldContain(sent.Required("conversation_id").GetGuid());
        await socket.SendAsync(new { type = "ping" });
        await socket.NextAsync("pong");
    }

    [Fact]
    public async Task An_invitation_signs_in_the_user_and_gives_no_more_than_that_user_has()
    {
        await using var server = await TestServer.StartAsync();
        using var user = await server.Owner.PostAsync("/api/v1/users", new { name = "maria", role = "member" });
        using var link = await server.Owner.PostAsync("/api/v1/console/links", new { user = "maria" });
        using var session = await SignInAsync(server, link.Required("path").GetString()!.Split('#')[1]);
        var cookie = session.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var me = await CallAsync(server, cookie, HttpMethod.Get, "/api/v1/me", origin: null, site: null);
        (me.Required("name").GetString(), me.Required("role").GetString()).ShouldBe(("maria", "member"));
        using var audit = await CallAsync(server, cookie, HttpMethod.Get, "/api/v1/audit", origin: null, site: null);
        audit.ShouldBe(HttpStatusCode.Forbidden, "forbidden");
        using var other = await CallAsync(server, cookie, HttpMethod.Post, "/api/v1/console/links", Own(server), "same-origin", """{"user":"owner"}""");
        other.ShouldBe(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_link_is_no_token_and_sessions_are_not_among_the_tokens()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(await LinkAsync(server));
        using var me = await client.GetJsonAsync("/api/v1/me");
        me.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
        await CookieAsync(server);
        using var tokens = await server.Owner.GetJsonAsync("/api/v1/tokens");
        tokens.Body.ShouldNotContain("pc_");
    }

    [Fact]
    public async Task The_page_has_a_strict_policy_with_a_number_used_once()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(null);
        using var one = await client.GetJsonAsync("/agents/tesla");
        using var other = await client.GetJsonAsync("/agents/tesla");
        one.Status.ShouldBe(HttpStatusCode.OK);
        var policy = one.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotBe(other.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/agents")]
    [InlineData("GET", "/assets/nothing.js")]
    public async Task Only_the_console_s_own_addresses_are_answered_with_its_page(string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.CallAsync(new HttpRequestMessage(new HttpMethod(method), path));
        answer.ShouldBe(HttpStatusCode.NotFound, "not_found");
    }

    private static string Own(TestServer server) => server.Address.GetLeftPart(UriPartial.Authority);

    private static async Task<string> LinkAsync(TestServer server)
    {
        using var link = await server.Owner.PostAsync("/api/v1/console/links", new { });
        var path = link.Required("path").GetString()!;
        LinkForm().IsMatch(path).ShouldBeTrue(path);
        return path.Split('#')[1];
    }

    private static Task<Answer> SignInAsync(TestServer server, string link) =>
        CallAsync(server, cookie: null, HttpMethod.Post, "/api/v1/console/sign-in", Own(server), "same-origin", $$"""{"link":"{{link}}"}""");

    private static async Task<string> CookieAsync(TestServer server)
    {
        using var answer = await SignInAsync(server, await LinkAsync(server));
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<Answer> CallAsync(TestServer server, string? cookie, HttpMethod method, string path, string? origin, string? site, string? body = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in new[] { ("Cookie", cookie), ("Origin", origin), ("Sec-Fetch-Site", site) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        return await client.CallAsync(request);
    }

    private static async Task<TestSocket> OpenAsync(TestServer server, string cookie, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/ws/console"), TestContext.Current.CancellationToken);
        return new TestSocket(socket);
    }

    [GeneratedRegex("^/sign-in#pl_[A-Za-z0-9_-]{43}$")]
    private static partial Regex LinkForm();
}
