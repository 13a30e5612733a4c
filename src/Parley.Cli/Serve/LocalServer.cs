using Parley.Cli.Config;
using Parley.Cli.Shell;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Runtimes;
using Parley.Server;

namespace Parley.Cli.Serve;

/// <summary>The composition root: storage and server put together on a data folder, in this process. Disposing stops it and leaves nothing behind.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);
    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly DataFolder folder;
    private WebApplication? app;

    private LocalServer(DataFolder folder) => this.folder = folder;

    /// <summary>The address that clients on this machine use.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Completes when the server ends by itself.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Refuses with <c>conflict</c> where a server runs on the folder.</summary>
    public static async Task<LocalServer> StartAsync(DataFolder folder, LoadedConfig config, ServeOptions options, Screen screen, CancellationToken cancellation)
    {
        var server = new LocalServer(folder);
        try
        {
            await server.StartAsync(config, options, screen, TimeProvider.System, cancellation).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A link that opens the console as the owner, once; null where none can be stored now.</summary>
    public async Task<string?> ConsoleLinkAsync(CancellationToken cancellation)
    {
        try
        {
            var owner = await app!.Services.GetRequiredService<Authenticate>().RunAsync(folder.ReadOwnerSecret() ?? "", cancellation).ConfigureAwait(false);
            var issued = await app.Services.GetRequiredService<CreateSignInLink>().RunAsync(owner, user: null, cancellation).ConfigureAwait(false);
            return $"{Url}/sign-in#{issued.Secret}";
        }
        catch (ParleyError)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            File.Delete(folder.Server);
            using var limit = new CancellationTokenSource(StopTime, TimeProvider.System);
            await app.StopAsync(limit.Token).ConfigureAwait(false);
        }

        while (parts.TryPop(out var part))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task StartAsync(LoadedConfig config, ServeOptions options, Screen screen, TimeProvider time, CancellationToken cancellation)
    {
        Preparation.Folder(folder, screen);
        parts.Push(FolderLock.Take(folder));
        folder.RemoveLeftovers();
        PortProbe.Check(options.Listen);
        var database = await Preparation.OpenAsync(folder, options, screen, time, cancellation).ConfigureAwait(false);
        parts.Push(database);
        var organization = await Preparation.OwnerAsync(folder, database, time, cancellation).ConfigureAwait(false);
        var built = ParleyServer.Build(options.ToServer(Path.Combine(folder.Path, "templates")), database, time, services =>
        {
            services.AddRuntimes(new RuntimeOptions { DataFolder = folder.Path, Addresses = ConfigPolicy.Addresses(config.Root), Bridge = Bridge() });
            ConfigDoor.AddTo(services, config, organization);
            SqlDoor.AddTo(services, options);
            NodeDoor.AddTo(services, options, time);
        });
        parts.Push(built);
        await built.StartAsync(cancellation).ConfigureAwait(false);
        app = built;
        Url = Address(built.Urls.First(), options);
        Ended = EndAsync(built);
        Announce(config.Place, screen);
    }

    /// <summary>This program as an MCP server for programs that speak no HTTP to one.</summary>
    private static List<string> Bridge()
    {
        var (program, assembly) = (Environment.ProcessPath!, typeof(LocalServer).Assembly.Location);
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, assembly, "mcp", "--as"] : [program, "mcp", "--as"];
    }

    private static async Task EndAsync(WebApplication app)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task.ConfigureAwait(false);
    }

    /// <summary>With a full disk the server still starts, to be read and halted.</summary>
    private void Announce(ConfigPlace place, Screen screen)
    {
        try
        {
            folder.WriteServer(new RunningServer(Url, Environment.ProcessId, place.File));
        }
        catch (IOException fault)
        {
            screen.Note($"note: {fault.Message} Commands on this machine need --url {Url}.");
        }
    }

    /// <summary>The address that clients on this machine use.</summary>
    internal static string Address(string listening, ServeOptions options)
    {
        var address = new UriBuilder(listening.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal));
        if (options.Certificate is not null && options.Hosts.Count > 0)
        {
            address.Host = options.Hosts[0];
        }
        else if (address.Host is "0.0.0.0" or "[::]")
        {
            address.Host = options.Certificate is null ? "127.0.0.1" : "localhost";
        }

        return address.Uri.GetLeftPart(UriPartial.Authority);
    }
}
