using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley health</c>: what a load balancer asks for at <c>/health/ready</c>, for those that run a program instead.</summary>
internal static class HealthCommand
{
    public static Command Build() =>
        new ParleyCommand("health", "Ask whether the server takes messages; needs no token. Exit code 0 if it does: for the health checks of containers and services.", "parley health", "parley health --json")
            .Does(AskAsync);

    private static async Task AskAsync(Invocation invocation, CancellationToken cancellation)
    {
        await invocation.ConnectAsNobody().Server.CheckReadyAsync(cancellation).ConfigureAwait(false);
        invocation.Screen.Done("The server takes messages.", ("status", "ready"));
    }
}
