using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Core.Outbound;

namespace Parley.Server.Tests.Outbound;

/// <summary>A web server on this machine that is called, and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private Receiver(WebApplication app) => this.app = app;

    /// <summary>Scheme, number and port.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Lets calls go to this receiver and nowhere else that is private.</summary>
    public OutboundPolicy Policy => new() { Enabled = true, Allow = [Address.GetLeftPart(UriPartial.Authority)] };

    public Uri this[string path] => new(Address, path);

    public static async Task<Receiver> StartAsync(RequestDelegate answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new Receiver(app) { Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>A policy that a test changes.</summary>
internal sealed class TestPolicy(OutboundPolicy policy) : IOutboundPolicy
{
    public OutboundPolicy Current { get; set; } = policy;
}
