using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Security;

/// <summary>TLS with a certificate of its own, and what a proxy in front says.</summary>
public sealed class TransportTests
{
    private const string ProxyHeader = "X-Test-Comes-From";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_certificate_everything_is_encrypted_and_nothing_is_in_the_clear(bool pem)
    {
        using var folder = new TempFolder();
        using var certificate = Make();
        var options = Save(folder, certificate, pem);
        await using var server = await TestServer.StartAsync(before => before with { CertificatePath = options.Certificate, KeyPath = options.Key });
        server.Address.Scheme.ShouldBe("https");
        using var handler = new SocketsHttpHandler();
        var shown = "";
        handler.SslOptions.RemoteCertificateValidationCallback = (_, theirs, _, _) => (shown = theirs!.GetCertHashString()) == certificate.GetCertHashString();
        using var client = new HttpClient(handler) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.OwnerSecret);
        using var answer = await client.GetJsonAsync("/api/v1/me");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        shown.ShouldBe(certificate.GetCertHashString());

        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, theirs, _, _) => theirs!.GetCertHashString() == certificate.GetCertHashString();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + server.OwnerSecret);
        await socket.ConnectAsync(new Uri($"wss://{server.Address.Authority}/ws/agent/messages/default"), TestContext.Current.CancellationToken);
        socket.State.ShouldBe(WebSocketState.Open);

        using var stranger = new HttpClient { BaseAddress = server.Address };
        await Should.ThrowAsync<HttpRequestException>(() => stranger.GetJsonAsync("/health/live"));
        using var plain = new HttpClient { BaseAddress = new Uri($"http://{server.Address.Authority}") };
        await Should.ThrowAsync<HttpRequestException>(() => plain.GetJsonAsync("/health/live"));
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_keeps_the_server_from_starting()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["cert.pem"], "no certificate", TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<ParleyError>(() => TestServer.StartAsync(before => before with { CertificatePath = folder["cert.pem"] }))).Field.ShouldBe("cert");
    }

    [Theory]
    [InlineData("10.0.0.7", true, HttpStatusCode.OK)]
    [InlineData("127.0.0.1", true, HttpStatusCode.OK)]
    [InlineData("10.0.0.8", true, HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.7", false, HttpStatusCode.Forbidden)]
    public async Task What_is_forwarded_counts_from_a_named_proxy_only(string from, bool behindProxy, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(
            before => before with { BehindProxy = behindProxy, Proxies = ["10.0.0.7"] }, services => services.AddSingleton<IStartupFilter>(new ComesFrom()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.Add(ProxyHeader, from);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        request.Headers.Add("X-Forwarded-Proto", "https");
        // The page's own origin, which is https only where the proxy's word counts.
        request.Headers.Add("Origin", $"https://{server.Address.Authority}");
        using var answer = await server.Owner.CallAsync(request);
        answer.Status.ShouldBe(status, answer.Body);
    }

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static (string Certificate, string? Key) Save(TempFolder folder, X509Certificate2 certificate, bool pem)
    {
        if (!pem)
        {
            File.WriteAllBytes(folder["cert.pfx"], certificate.Export(X509ContentType.Pkcs12));
            return (folder["cert.pfx"], null);
        }

        File.WriteAllText(folder["cert.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder["key.pem"], certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (folder["cert.pem"], folder["key.pem"]);
    }

    /// <summary>Lets a request come from the address that it names, before anything else of the server sees it.</summary>
    private sealed class ComesFrom : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                if (context.Request.Headers[ProxyHeader].FirstOrDefault() is { } address)
                {
                    context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                }

                return following(context);
            });
            next(app);
        };
    }
}
