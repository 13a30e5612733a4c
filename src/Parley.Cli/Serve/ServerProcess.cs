using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

/// <summary>Runs the server until it is told to stop.</summary>
internal static class ServerProcess
{
    public static async Task<int> RunAsync(Invocation invocation, ServeOptions options, CancellationToken cancellation)
    {
        var (folder, screen) = (invocation.Folder, invocation.Screen);
        await using (var server = await LocalServer.StartAsync(folder, options, screen, cancellation).ConfigureAwait(false))
        {
            Banner.Print(screen, folder, options, server.Url);
            if (options.Demo)
            {
                await Demo.RunAsync(server.Url, folder, screen, cancellation).ConfigureAwait(false);
            }

            await Task.WhenAny(server.Ended, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation)).ConfigureAwait(false);
        }

        // Asked only now: a signal reaches the web server's own handler and this program's in any order.
        return cancellation.IsCancellationRequested ? ExitCode.Ok : screen.Error("The server has ended by itself.", "See its log above.", ExitCode.Failure);
    }
}
