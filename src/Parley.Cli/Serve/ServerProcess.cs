using Parley.Cli.Shell;
using Parley.Runtimes;
using Parley.Server;

namespace Parley.Cli.Serve;

/// <summary>The composition root: puts storage and server together, runs them until it is told to stop, and leaves nothing behind.</summary>
internal static class ServerProcess
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(Invocation invocation, ServeOptions options, CancellationToken cancellation)
    {
        var (folder, screen, time) = (invocation.Folder, invocation.Screen, TimeProvider.System);
        Preparation.Folder(folder, screen);
        using var folderLock = FolderLock.Take(folder);
        PortProbe.Check(options.Listen);
        await using var database = await Preparation.OpenAsync(folder, options, screen, time, cancellation).ConfigureAwait(false);
        await Preparation.OwnerAsync(folder, database, time, cancellation).ConfigureAwait(false);
        await using var app = ParleyServer.Build(ToServer(options, folder), database, time, services =>
        {
            SqlDoor.AddTo(services, options);
            NodeDoor.AddTo(services, options, time);
            services.AddRuntimes(new RuntimeOptions { DataFolder = folder.Path });
        });
        await app.StartAsync(cancellation).ConfigureAwait(false);
        try
        {
            var url = Address(app.Urls.First(), options);
            Announce(folder, url, screen);
            Banner.Print(screen, folder, options, url);
            await UntilStoppedAsync(app, cancellation).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(folder.Server);
            using var limit = new CancellationTokenSource(StopTime, time);
            await app.StopAsync(limit.Token).ConfigureAwait(false);
        }

        return cancellation.IsCancellationRequested ? ExitCode.Ok : screen.Error("The server has ended by itself.", "See its log above.", ExitCode.Failure);
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

    /// <summary>With a full disk the server still starts, to be read and halted.</summary>
    private static void Announce(DataFolder folder, string url, Screen screen)
    {
        try
        {
            folder.WriteServer(new RunningServer(url, Environment.ProcessId));
        }
        catch (IOException fault)
        {
            screen.Note($"note: {fault.Message} Commands on this machine need --url {url}.");
        }
    }

    private static async Task UntilStoppedAsync(WebApplication app, CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = cancellation.Register(() => stopped.TrySetResult());
        await using var ended = app.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task.ConfigureAwait(false);
    }

    private static ServerOptions ToServer(ServeOptions options, DataFolder folder) => new()
    {
        Listen = options.Listen,
        CertificatePath = options.Certificate,
        KeyPath = options.Key,
        BehindProxy = options.BehindProxy,
        Proxies = options.Proxies,
        Insecure = options.Insecure,
        AllowedHosts = options.Hosts,
        AllowedOrigins = options.Origins,
        OtlpUrl = options.Otlp,
        KeepDays = options.KeepDays,
        TemplatesFolder = Path.Combine(folder.Path, "templates"),
        JsonLogs = options.JsonLogs,
        LogLevel = options.Verbose ? LogLevel.Debug : LogLevel.Information,
    };
}
