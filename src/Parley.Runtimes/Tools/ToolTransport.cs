using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using Parley.Core.Turns;

namespace Parley.Runtimes.Tools;

/// <summary>How an MCP server is reached: a program of our own, or an address.</summary>
internal sealed class ToolTransport(RuntimeOptions options, ILoggerFactory logs) : IDisposable
{
    private static readonly string[] s_alwaysHanded = ["PATH", "HOME"];

    private readonly SocketsHttpHandler _connections = new() { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) };

    public void Dispose() => _connections.Dispose();

    public IClientTransport Open(ToolServer server) => server.Command is { Count: > 0 } command ? Program(server, command)
        : server.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" } url ? Address(server, url)
        : throw new NotSupportedException("it has neither a command nor an http or https address");

    private StdioClientTransport Program(ToolServer server, IReadOnlyList<string> command) => new(
        new StdioClientTransportOptions
        {
            Name = server.Name,
            Command = command[0],
            Arguments = [.. command.Skip(1)],
            InheritEnvironmentVariables = false,
            EnvironmentVariables = s_alwaysHanded.Concat(server.Environment ?? []).Distinct(StringComparer.Ordinal)
                .Select(name => (Name: name, Value: options.Environment(name))).Where(variable => variable.Value is not null).ToDictionary(variable => variable.Name, variable => variable.Value),
            ShutdownTimeout = TimeSpan.FromSeconds(2),
        },
        logs);

    private HttpClientTransport Address(ToolServer server, Uri url) => new(
        new HttpClientTransportOptions { Name = server.Name, Endpoint = url, TransportMode = HttpTransportMode.StreamableHttp, MaxReconnectionAttempts = 0 },
        new HttpClient(_connections, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan },
        logs,
        ownsHttpClient: true);
}
