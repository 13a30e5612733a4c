using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using Parley.Core.Turns;

namespace Parley.Runtimes.Tools;

/// <summary>The MCP servers of the agents. Each agent has connections of its own, so that no server sees another agent's session.</summary>
internal sealed class McpToolbox(RuntimeOptions options, TimeProvider time, ILoggerFactory logs) : IToolbox, IAsyncDisposable
{
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<(Guid Agent, string Server), ToolConnection> _connections = new();
    private readonly ToolTransport _transport = new(options, logs);

    public async Task<ToolListing> ListAsync(Guid agentId, IReadOnlyList<ToolServer> servers, CancellationToken cancellationToken)
    {
        await CloseUnusedAsync(agentId, servers).ConfigureAwait(false);
        var listings = await Task.WhenAll(servers.Select(server => ListAsync(agentId, server, cancellationToken))).ConfigureAwait(false);
        return new ToolListing(
            [.. listings.SelectMany(listing => listing.Tools).DistinctBy(tool => tool.Name)], [.. listings.Select(listing => listing.Warning).OfType<string>()]);
    }

    public async Task<ToolResult> CallAsync(Guid agentId, IReadOnlyList<ToolServer> servers, ToolCall call, CancellationToken cancellationToken)
    {
        foreach (var server in servers.Where(server => call.Name.StartsWith(server.Name + "_", StringComparison.Ordinal)))
        {
            if (await CallAsync(agentId, server, call, cancellationToken).ConfigureAwait(false) is { } result)
            {
                return result;
            }
        }

        return new ToolResult($"There is no tool '{call.Name}'.", Failed: true);
    }

    /// <summary>Ends the programs that were started.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_connections.Values.Select(connection => connection.DisposeAsync().AsTask())).ConfigureAwait(false);
        _connections.Clear();
        _transport.Dispose();
    }

    private async Task<(IReadOnlyList<ToolDefinition> Tools, string? Warning)> ListAsync(Guid agentId, ToolServer server, CancellationToken cancellationToken)
    {
        using var limit = new Limit(options.ToolLimit, time, cancellationToken);
        var connection = Connection(agentId, server);
        try
        {
            var tools = await connection.ToolsAsync(limit.Token).ConfigureAwait(false);
            return ([.. tools.Select(tool => new ToolDefinition(tool.Key, tool.Value.Description, tool.Value.JsonSchema.GetRawText()))], null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            await connection.ForgetAsync().ConfigureAwait(false);
            return ([], $"The tool server '{server.Name}' cannot be reached: {Reason(failure, limit)}");
        }
    }

    /// <summary>Null where the server has no such tool.</summary>
    private async Task<ToolResult?> CallAsync(Guid agentId, ToolServer server, ToolCall call, CancellationToken cancellationToken)
    {
        using var limit = new Limit(options.ToolLimit, time, cancellationToken);
        var connection = Connection(agentId, server);
        try
        {
            if (!(await connection.ToolsAsync(limit.Token).ConfigureAwait(false)).TryGetValue(call.Name, out var tool))
            {
                return null;
            }

            var result = await ToolConnection.CallAsync(tool, call.Arguments, limit.Token).ConfigureAwait(false);
            return new ToolResult(ToolText.Of(result), result.IsError == true);
        }
        catch (JsonException)
        {
            return new ToolResult($"The arguments of '{call.Name}' are no JSON object.", Failed: true);
        }
        catch (McpProtocolException refusal) when (!limit.Reached)
        {
            return new ToolResult(ToolText.Cut($"The tool server '{server.Name}' refuses the call: {refusal.Message}"), Failed: true);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            await connection.ForgetAsync().ConfigureAwait(false);
            return new ToolResult($"The tool server '{server.Name}' failed: {Reason(failure, limit)}", Failed: true);
        }
    }

    private ToolConnection Connection(Guid agentId, ToolServer server) =>
        _connections.GetOrAdd((agentId, KeyOf(server)), _ => new ToolConnection(server, _transport, time));

    private async Task CloseUnusedAsync(Guid agentId, IReadOnlyList<ToolServer> servers)
    {
        var wanted = servers.Select(KeyOf).ToHashSet();
        foreach (var (key, connection) in _connections)
        {
            var unused = key.Agent == agentId ? !wanted.Contains(key.Server) : connection.Idle > s_longestIdle;
            if (unused && _connections.TryRemove(key, out var removed))
            {
                await removed.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static string KeyOf(ToolServer server) => JsonSerializer.Serialize(server);

    // What a program prints or an exception says may hold a secret of its environment; the kind is enough here, the rest is the server's own log.
    private string Reason(Exception failure, Limit limit) => limit.Reached
        ? FormattableString.Invariant($"no answer within {options.ToolLimit.TotalSeconds:0.#} s.")
        : failure switch
        {
            System.ComponentModel.Win32Exception => "its program cannot be started.",
            HttpRequestException { StatusCode: { } status } => FormattableString.Invariant($"it answers with status {(int)status}."),
            HttpRequestException => "nothing answers at its address.",
            NotSupportedException wrong => wrong.Message + ".",
            _ => "the connection ended or its answers are not MCP.",
        };

    /// <summary>The time that a server has for one call.</summary>
    private sealed class Limit : IDisposable
    {
        private readonly CancellationTokenSource _late;
        private readonly CancellationTokenSource _either;

        public Limit(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
        {
            _late = new CancellationTokenSource(most, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _late.Token);
        }

        public CancellationToken Token => _either.Token;

        public bool Reached => _late.IsCancellationRequested;

        public void Dispose()
        {
            _either.Dispose();
            _late.Dispose();
        }
    }
}
