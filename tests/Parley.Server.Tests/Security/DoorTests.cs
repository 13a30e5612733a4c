using System.Net;
using System.Net.WebSockets;
using Parley.Core;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Security;

public sealed class DoorTests
{
    [Theory]
    [InlineData("/api/v1/me")]
    [InlineData("/health/live")]
    [InlineData("/docs/index.html")]
    [InlineData("/nothing")]
    public async Task A_foreign_host_name_is_refused_before_anything_else(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "evil.example.org";
        using var answer = await server.Owner.CallAsync(request);
        answer.ShouldBe(HttpStatusCode.MisdirectedRequest, "host_refused");
    }

    [Fact]
    public async Task A_host_and_an_origin_may_be_allowed_by_name()
    {
        await using var server = await TestServer.StartAsync(options => options with { AllowedHosts = ["parley.example.org"], AllowedOrigins = ["https://console.example.org"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.Host = "parley.example.org";
        request.Headers.Add("Origin", "https://console.example.org");
        using var answer = await server.Owner.CallAsync(request);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://evil.example.org")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1")]
    public async Task A_foreign_origin_is_refused(string origin)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.Add("Origin", origin);
        using var answer = await server.Owner.CallAsync(request);
        answer.ShouldBe(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task A_socket_from_a_foreign_origin_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + tesla.Secret);
        socket.Options.SetRequestHeader("Origin", "https://evil.example.org");
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/ws/agent/messages/default"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pu_wrong")]
    [InlineData("pa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_a_valid_token_nothing_is_answered(string? secret)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(secret);
        using var answer = await client.GetJsonAsync("/api/v1/server");
        answer.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_token_in_the_address_is_no_token()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(null);
        using var answer = await client.GetJsonAsync($"/api/v1/me?token={server.OwnerSecret}&access_token={server.OwnerSecret}");
        answer.ShouldBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var path in new[] { "/api/v1/me", "/nothing", "/health/live", "/docs/index.html" })
        {
            using var answer = await server.Owner.GetJsonAsync(path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        }
    }

    [Fact]
    public void Off_loopback_the_server_refuses_to_start_unencrypted()
    {
        var error = Should.Throw<ParleyError>(() => ParleyServer.Build(new ServerOptions { Listen = ["0.0.0.0:0"] }, null!, TimeProvider.System));
        error.Fix.ShouldContain("--insecure");
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_every_operation_with_an_example()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(null);
        using var answer = await client.GetJsonAsync("/openapi/v1.json");
        answer.Required("openapi").GetString()!.ShouldStartWith("3.1");
        foreach (var path in answer.Json.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace(name);
                operation.Value.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace(name);
                if (operation.Value.TryGetProperty("requestBody", out var body))
                {
                    body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _).ShouldBeTrue(name);
                }

                foreach (var response in operation.Value.GetProperty("responses").EnumerateObject())
                {
                    if (response.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json))
                    {
                        json.TryGetProperty("example", out _).ShouldBeTrue(name);
                    }
                }
            }
        }
    }
}
