using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Live;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>A client gives a waiting call up: the wait ends, and nothing is lost by it.</summary>
public sealed class McpCancelTests
{
    private const string Wait = """{"jsonrpc":"2.0","id":41,"method":"tools/call","params":{"name":"check_messages","arguments":{"wait_seconds":300},"_meta":{"progressToken":1}}}""";
    private static readonly TimeSpan Patience = Waiting.Patience;

    [Theory]
    [InlineData(null)]
    [InlineData("2025-11-25")]
    [InlineData(RawMcp.Modern)]
    public async Task A_wait_ends_with_its_connection(string? version)
    {
        await using var pair = await Pair.OpenAsync();
        using var client = pair.Server.Client(pair.AaronSecret);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var waiting = version == RawMcp.Modern
            ? RawMcp.ModernAsync(client, "tools/call", new { name = "check_messages", arguments = new { wait_seconds = 50 } }, given.Token)
            : RawMcp.PostAsync(client, Wait, given.Token, ("MCP-Protocol-Version", version));
        await WaitsAsync(pair, true);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await WaitsAsync(pair, false);
        await KeptAsync(pair);
    }

    [Fact]
    public async Task A_wait_ends_with_the_notification_that_gives_it_up()
    {
        await using var pair = await Pair.OpenAsync();
        using var client = pair.Server.Client(pair.AaronSecret);
        var waiting = RawMcp.PostAsync(client, Wait, ("Mcp-Session-Id", "one"));
        await WaitsAsync(pair, true);

        // Another session's call of that number is none of its business.
        await RawMcp.PostAsync(client, Cancel(41), ("Mcp-Session-Id", "two"));
        await RawMcp.PostAsync(client, Cancel(42), ("Mcp-Session-Id", "one"));
        waiting.IsCompleted.ShouldBeFalse();
        await RawMcp.PostAsync(client, Cancel(41), ("Mcp-Session-Id", "one"));
        (await waiting.Within(Patience)).Body.ShouldNotContain("\"result\"");
        await WaitsAsync(pair, false);
        (await RawMcp.PostAsync(client, Cancel(41), ("Mcp-Session-Id", "one"))).Status.ShouldBe(System.Net.HttpStatusCode.Accepted);
        await KeptAsync(pair);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(RawMcp.Modern)]
    public async Task The_packages_client_ends_a_wait(string version)
    {
        await using var pair = await Pair.OpenAsync(version);
        using var given = new CancellationTokenSource();
        var waiting = pair.Aaron.Client.CallToolAsync("check_messages", new Dictionary<string, object?> { ["wait_seconds"] = 50 }, cancellationToken: given.Token).AsTask();
        await WaitsAsync(pair, true);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await WaitsAsync(pair, false);
        await KeptAsync(pair);
    }

    private static string Cancel(int id) => JsonSerializer.Serialize(new { jsonrpc = "2.0", method = "notifications/cancelled", @params = new { requestId = id } });

    /// <summary>Waits until somebody waits for aaron's messages, or nobody does any more.</summary>
    private static async Task WaitsAsync(Pair pair, bool wanted)
    {
        var live = pair.Server.Services.GetRequiredService<LiveConnections>();
        using var limit = new CancellationTokenSource(Patience);
        while (live.Listeners.Any(listener => listener.Caller.Name == "aaron") != wanted)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>What comes now is there for the next call, unread and unacknowledged.</summary>
    private static async Task KeptAsync(Pair pair)
    {
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "kept" });
        using var inbox = await pair.AaronHttp.GetJsonAsync("/api/v1/inbox");
        inbox.Required("unread").GetInt64().ShouldBe(1);
        inbox.Required("items")[0].GetProperty("state").GetString().ShouldBe("pending");
        (await pair.Aaron.CallAsync("check_messages")).GetProperty("messages")[0].GetProperty("text").GetString().ShouldBe("kept");
    }
}
