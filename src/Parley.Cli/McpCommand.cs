using System.CommandLine;
using Parley.Cli.Mcp;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley mcp</c>: the tools of a running server for programs that start their MCP servers themselves.</summary>
internal static class McpCommand
{
    public static Command Build() =>
        new ParleyCommand(
            "mcp", "Give a program Parley's tools over standard input and output (MCP). A server has to run; nothing else is started.",
            "parley mcp --as tesla", "claude mcp add parley -- parley mcp --as tesla", "parley mcp --as tesla --url https://parley.example.org")
            .Does(RunAsync);

    private static async Task RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.RequireAgent();
        using var door = new McpDoor(invocation);
        using var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        await using var output = Console.OpenStandardOutput();
        using var input = new StreamReader(Console.OpenStandardInput());
        using var bridge = new McpBridge(new McpForward(http, door.FindAsync, TimeProvider.System), output, TimeProvider.System);
        await bridge.RunAsync(input, cancellation).ConfigureAwait(false);
    }
}
