using Parley.Cli.Config;
using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

/// <summary>Runs the server until it is told to stop.</summary>
internal static class ServerProcess
{
    public static async Task<int> RunAsync(Invocation invocation, LoadedConfig config, bool demo, CancellationToken cancellation)
    {
        var (folder, screen, options) = (invocation.Folder, invocation.Screen, config.Server);
        await using (var server = await LocalServer.StartAsync(folder, config, options, screen, cancellation).ConfigureAwait(false))
        {
            Banner.Print(screen, folder, options, server.Url, await server.ConsoleLinkAsync(cancellation).ConfigureAwait(false), demo);
            if (demo)
            {
                await Demo.RunAsync(server.Url, folder, config, screen, cancellation).ConfigureAwait(false);
            }

            await Task.WhenAny(server.Ended, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation)).ConfigureAwait(false);
        }

        // Asked only now: a signal reaches the web server's own handler and this program's in any order.
        return cancellation.IsCancellationRequested ? ExitCode.Ok : screen.Error("The server has ended by itself.", "See its log above.", ExitCode.Failure);
    }
}
