using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Parley.Core.Turns;

namespace Parley.Runtimes.Tools;

/// <summary>The connection to one MCP server of one agent: made when it is needed, kept, and made anew when it has died.</summary>
internal sealed class ToolConnection(ToolServer server, ToolTransport transport, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private McpClient? _client;
    private IReadOnlyDictionary<string, McpClientTool>? _tools;
    private volatile bool _changed;
    private bool _disposed;
    private long _usedAt = time.GetTimestamp();

    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _usedAt));

    /// <summary>The tools by the names that models see; asked anew after the server has told of a change.</summary>
    public async Task<IReadOnlyDictionary<string, McpClientTool>> ToolsAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _usedAt, time.GetTimestamp());
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is null || _client.Completion.IsCompleted)
            {
                await CloseAsync().ConfigureAwait(false);
                _client = await McpClient.CreateAsync(transport.Open(server), Options(), cancellationToken: cancellationToken).ConfigureAwait(false);
            }

            if (_tools is null || _changed)
            {
                _changed = false;
                var listed = await _client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                _tools = ToolNames.Of(server.Name, listed, tool => tool.Name);
            }

            return _tools;
        }
        finally
        {
            _gate.Release();
        }
    }

    public static async Task<CallToolResult> CallAsync(McpClientTool tool, string arguments, CancellationToken cancellationToken)
    {
        var values = JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments) ?? [];
        return await tool.CallAsync(values, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After a failure that leaves open whether the connection still works.</summary>
    public async Task ForgetAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        var client = _client;
        (_client, _tools) = (null, null);
        if (client is null)
        {
            return;
        }

        try
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or InvalidOperationException or OperationCanceledException)
        {
            // It is gone already.
        }
    }

    private McpClientOptions Options() => new()
    {
        ClientInfo = new Implementation { Name = "parley", Version = "1" },
        Handlers = new McpClientHandlers
        {
            NotificationHandlers =
            [
                new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                {
                    _changed = true;
                    return ValueTask.CompletedTask;
                }),
            ],
        },
    };
}
