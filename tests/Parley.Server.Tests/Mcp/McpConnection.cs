using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>An agent that is connected with the package's own client.</summary>
public sealed class McpConnection(McpClient client) : IAsyncDisposable
{
    public McpClient Client => client;

    public static async Task<McpConnection> OpenAsync(TestServer server, string secret, string? version = null)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + secret },
        });
        var options = new McpClientOptions { ClientInfo = new Implementation { Name = "test", Version = "1" }, ProtocolVersion = version };
        return new McpConnection(await McpClient.CreateAsync(transport, options, cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>The answer of a call that must not fail.</summary>
    public async Task<JsonElement> CallAsync(string tool, object? arguments = null, IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null)
    {
        var result = await ResultAsync(tool, arguments, progress);
        (result.IsError ?? false).ShouldBeFalse(TextOf(result));
        return JsonElement.Parse(TextOf(result));
    }

    /// <summary>The refusal of a call that must fail.</summary>
    public async Task<JsonElement> RefusedAsync(string tool, object? arguments = null)
    {
        var result = await ResultAsync(tool, arguments);
        (result.IsError ?? false).ShouldBeTrue(TextOf(result));
        var refusal = JsonElement.Parse(TextOf(result));
        refusal.GetProperty("fix").GetString().ShouldNotBeNullOrWhiteSpace();
        return refusal;
    }

    public async Task<CallToolResult> ResultAsync(string tool, object? arguments = null, IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null)
    {
        var given = JsonSerializer.SerializeToElement(arguments ?? new { }).EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value);
        return await client.CallToolAsync(tool, given, progress, cancellationToken: TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static string TextOf(CallToolResult result) => result.Content.ShouldHaveSingleItem().ShouldBeOfType<TextContentBlock>().Text;
}
