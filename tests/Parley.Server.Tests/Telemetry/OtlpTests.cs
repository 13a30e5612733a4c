using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Telemetry;

/// <summary>What <c>--otlp URL</c> sends, as a collector receives it.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_gets_traces_and_metrics_under_the_names_of_the_conventions()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await CollectAsync(received);
        await using var server = await TestServer.StartAsync(options => options with { OtlpUrl = collector.Urls.Single() });
        var tesla = await server.AgentAsync("tesla");
        await server.AgentAsync("aaron");
        await server.LinkAsync("tesla", "aaron");
        using var sent = await tesla.Http.PostAsync("/api/v1/messages", new { to = "aaron", content = "secret words" });
        var id = sent.Required("message_id").GetString()!;
        using var refused = await tesla.Http.PostAsync("/api/v1/messages", new { to = "nobody", content = "secret words" });

        server.Services.GetRequiredService<TracerProvider>().ForceFlush().ShouldBeTrue();
        server.Services.GetRequiredService<MeterProvider>().ForceFlush().ShouldBeTrue();

        foreach (var name in new[] { "messaging.system", "messaging.operation.name", "messaging.operation.type", "messaging.message.id", "messaging.message.conversation_id", id, "unknown_recipient", "service.name" })
        {
            received["/v1/traces"].ShouldContain(name);
        }

        foreach (var name in new[] { "messaging.client.sent.messages", "messaging.destination.name", "parley.sends.refused", "parley.quota.used" })
        {
            received["/v1/metrics"].ShouldContain(name);
        }

        // What agents say and their secrets go to no collector.
        string.Concat(received.Values).ShouldNotContain("secret words");
        string.Concat(received.Values).ShouldNotContain(tesla.Secret);
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(http.Request.Path, Text(body), (_, before) => before + Text(body));
        });
        await app.StartAsync();
        return app;

        static string Text(MemoryStream body) => Encoding.Latin1.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
