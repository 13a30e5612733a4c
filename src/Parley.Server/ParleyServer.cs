using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Parley.Core;
using Parley.Server.A2a;
using Parley.Server.Console;
using Parley.Server.Errors;
using Parley.Server.Http;
using Parley.Server.Live;
using Parley.Server.Mcp;
using Parley.Server.OpenApi;
using Parley.Server.Security;
using Parley.Server.Telemetry;
using Parley.Server.WebSockets;

namespace Parley.Server;

/// <summary>The server, ready to be started by whoever has a database.</summary>
public static class ParleyServer
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Builds the server over an open database, which stays the caller's. <paramref name="configure"/> may add services, or replace
    /// <see cref="IWake"/> by one that also tells other nodes. Throws <see cref="ParleyError"/> where the options are not safe to start with.
    /// </summary>
    public static WebApplication Build(ServerOptions options, IDatabase database, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        var addresses = StartRules.Check(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "parley", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddParleyLogging(options);
        builder.Services.AddParleyTelemetry(options);
        builder.Services.AddSingleton(database).AddSingleton<TimeProvider>(new WholeMicroseconds(time)).AddParley(options);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        configure?.Invoke(builder.Services);
        builder.WebHost.UseKestrel(kestrel => Listen(kestrel, addresses, options));
        var app = builder.Build();
        _ = (app.Services.GetService<TracerProvider>(), app.Services.GetService<MeterProvider>(), app.Services.GetService<StartTime>());
        app.UseParley(options, time);
        app.MapParley();
        return app;
    }

    /// <summary>Throws <see cref="ParleyError"/> where the options are not safe to start with; its field names the option.</summary>
    public static void Check(ServerOptions options) => StartRules.Check(options);

    /// <summary>Maps every door of Parley.</summary>
    public static void MapParley(this WebApplication app)
    {
        app.MapDocument();
        app.MapHealth();
        SocketEndpoint.Map(app);
        app.MapConsoleSocket();
        McpEndpoint.Map(app);
        app.MapA2a();
        var api = app.MapGroup("/api/v1").WithMetadata(StrictQuery.Mark);
        api.MapServer();
        api.MapActivity();
        api.MapMessages();
        api.MapInbox();
        api.MapAgents();
        api.MapHosting();
        api.MapPermissions();
        api.MapLinks();
        api.MapProjects();
        api.MapLeases();
        api.MapMeetings();
        api.MapSessions();
        api.MapSchedules();
        api.MapWebhooks();
        api.MapRemotes();
        api.MapPeople();
        api.MapControl();
        api.MapNodes();
        api.MapMaintenance();
        api.MapConsole();
    }

    /// <summary>What every request passes before it is routed, outermost first.</summary>
    private static void UseParley(this WebApplication app, ServerOptions options, TimeProvider time)
    {
        if (options.BehindProxy)
        {
            app.UseForwardedHeaders(Forwarded(options));
        }

        app.Use(next => context => SecurityHeaders.InvokeAsync(context, next));
        app.Use(next => context => context.RequestServices.GetRequiredService<ErrorHandler>().InvokeAsync(context, next));
        app.Use(next => context => context.RequestServices.GetRequiredService<HostGuard>().InvokeAsync(context, next));
        app.UseDocumentPage();
        app.Use(next => context => context.RequestServices.GetRequiredService<ConsoleFiles>().InvokeAsync(context, next));
        app.Use(next => QueuedUpgrade.Middleware(next, time));
        app.UseWebSockets();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.Use(next => context => context.RequestServices.GetRequiredService<Authentication>().InvokeAsync(context, next));
        app.Use(next => context => context.RequestServices.GetRequiredService<QueryGuard>().InvokeAsync(context, next));
        var doors = app.Services.GetRequiredService<Doors>();
        app.Use(next => context => doors.InvokeAsync(context, next));
    }

    private static ForwardedHeadersOptions Forwarded(ServerOptions options)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        foreach (var proxy in options.Proxies)
        {
            forwarded.KnownProxies.Add(IPAddress.TryParse(proxy, out var address) ? address : throw ParleyError.Invalid("proxy", $"'{proxy}' is not an address.", "Give the proxy's IP address."));
        }

        return forwarded;
    }

    private static void Listen(KestrelServerOptions kestrel, IReadOnlyList<ListenAddress> addresses, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Limits.BodyBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        var certificate = options.CertificatePath is { } path ? Load(path, options.KeyPath) : null;
        foreach (var address in addresses)
        {
            if (address.Address is { } ip)
            {
                kestrel.Listen(ip, address.Port, Serve);
            }
            else
            {
                kestrel.ListenLocalhost(address.Port, Serve);
            }
        }

        void Serve(ListenOptions listen)
        {
            // One connection is one client here; WebSocket and event streams need no multiplexing.
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }
    }

    private static X509Certificate2 Load(string path, string? key)
    {
        try
        {
            return key is null && Path.GetExtension(path) is ".pfx" or ".p12"
                ? X509CertificateLoader.LoadPkcs12FromFile(path, password: null)
                : X509Certificate2.CreateFromPemFile(path, key);
        }
        catch (Exception fault) when (fault is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ParleyError(ErrorCode.InvalidRequest, "The certificate cannot be read.", "Give a PEM certificate with its key (--cert, --key), or a .pfx file.", fault) { Field = "cert" };
        }
    }
}
