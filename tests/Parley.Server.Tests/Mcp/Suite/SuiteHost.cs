using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp.Suite;

/// <summary>Parley's own server for a program that cannot send a token: it is added on the way in.</summary>
internal sealed class SuiteHost : IStartupFilter, IAsyncDisposable
{
    private TestServer? server;
    private string? header;

    public Uri Address => new UriBuilder(new Uri(server!.Address, "/mcp")) { Host = "localhost" }.Uri;

    /// <summary>With the suite's own tools, or as it is.</summary>
    public static async Task<SuiteHost> StartAsync(bool withFixture)
    {
        var host = new SuiteHost();
        host.server = await TestServer.StartAsync(configure: services =>
        {
            services.AddSingleton<IStartupFilter>(host);
            if (withFixture)
            {
                services.PostConfigure<McpServerOptions>(SuiteFixture.Apply);
            }
        });
        host.header = $"Bearer {(await host.server.AgentAsync("tesla")).Secret}";
        return host;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            if (header is not null && context.Request.Headers.Authorization.Count == 0)
            {
                context.Request.Headers.Authorization = header;
            }

            return rest(context);
        });
        next(app);
    };

    public ValueTask DisposeAsync() => server!.DisposeAsync();
}
