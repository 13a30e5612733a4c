using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

internal static class ServerProcess
{
    public static Task<int> RunAsync(Invocation invocation, ServeOptions options, CancellationToken cancellation) => Task.FromResult(0);
}
