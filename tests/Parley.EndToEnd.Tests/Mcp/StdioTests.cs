using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Mcp;

/// <summary><c>parley mcp</c> as a program starts it.</summary>
public sealed class StdioTests
{
    [Fact]
    public async Task A_program_gets_the_tools_also_where_two_are_started_for_one_agent()
    {
        await using var parley = await StartAsync();
        await using var one = await ConnectAsync(parley, "tesla");
        await using var two = await ConnectAsync(parley, "tesla");
        await using var peer = await ConnectAsync(parley, "aaron");
        (await two.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(10);
        var waiting = CallAsync(peer, "check_messages", new() { ["wait_seconds"] = 30 });
        (await CallAsync(one, "send_agent_message", new() { ["to"] = "aaron", ["message"] = "hello" })).GetProperty("verdict").GetString().ShouldBe("accepted");
        (await waiting).GetProperty("messages")[0].GetProperty("text").GetString().ShouldBe("hello");
        (await CallAsync(two, "list_agents", [])).GetProperty("you").GetString().ShouldBe("tesla");
    }

    [Fact]
    public async Task A_server_that_is_started_again_elsewhere_is_the_same_to_the_program()
    {
        await using var parley = new ParleyProgram();
        var server = await PrepareAsync(parley);
        using var bridge = new Bridge(parley.Follow("mcp", "--as", "tesla"));
        (await bridge.AskAsync(1, "tools/list", "{}")).GetProperty("result").GetProperty("tools").GetArrayLength().ShouldBe(10);
        await ParleyProgram.SignalAsync(server, "KILL");
        await ParleyProgram.EndAsync(server);
        await bridge.SendAsync(2, "tools/call", """{"name":"send_agent_message","arguments":{"to":"aaron","message":"after the restart"}}""");
        await parley.ServeAsync();
        var answer = await bridge.AnswerAsync(2);
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!.ShouldContain("accepted");
        (await parley.DoAsync("inbox", "--as", "aaron", "--json")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_program_follows_is_followed_over_a_restart_of_the_server()
    {
        await using var parley = new ParleyProgram();
        var server = await PrepareAsync(parley);
        using var bridge = new Bridge(parley.Follow("mcp", "--as", "tesla"));
        const string Inbox = """{"uri":"parley://inbox"}""";
        (await bridge.AskAsync(1, "resources/subscribe", Inbox)).GetProperty("result").EnumerateObject().ShouldBeEmpty();
        (await bridge.AskAsync(2, "resources/subscribe", """{"uri":"parley://agents/nobody"}""")).GetProperty("error").GetProperty("data").GetProperty("uri").GetString().ShouldBe("parley://agents/nobody");
        await ParleyProgram.SignalAsync(server, "KILL");
        await ParleyProgram.EndAsync(server);
        await parley.ServeAsync();
        const string Updated = """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"parley://inbox"}}""";
        (await bridge.NextAsync()).GetRawText().ShouldBe(Updated, "something may have come meanwhile");
        await parley.DoAsync("send", "tesla", "after the restart", "--as", "aaron");
        (await bridge.NextAsync()).GetRawText().ShouldBe(Updated);
        (await bridge.AskAsync(3, "resources/unsubscribe", Inbox)).GetProperty("result").EnumerateObject().ShouldBeEmpty();
        await parley.DoAsync("send", "tesla", "nobody is told", "--as", "aaron");
        (await bridge.AskAsync(4, "ping", "{}")).GetProperty("result").EnumerateObject().ShouldBeEmpty();
        (await bridge.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_program_may_discover_before_it_initializes_and_cancel_what_is_over()
    {
        await using var parley = await StartAsync();
        using var bridge = new Bridge(parley.Follow("mcp", "--as", "tesla"));
        const string Meta = """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}""";
        (await bridge.AskAsync(1, "server/discover", Meta)).GetProperty("result").GetProperty("supportedVersions").GetArrayLength().ShouldBePositive();
        (await bridge.AskAsync(2, "initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}""")).GetProperty("result").GetProperty("protocolVersion").GetString().ShouldBe("2025-11-25");
        await bridge.LineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await bridge.LineAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await bridge.SendAsync(3, "tools/call", """{"name":"check_messages","arguments":{"wait_seconds":60}}""");
        (await bridge.AskAsync(4, "ping", "{}")).GetProperty("result").EnumerateObject().ShouldBeEmpty();
        await bridge.LineAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}""");
        await bridge.LineAsync("no json");
        (await bridge.NextAsync()).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32700);
        (await bridge.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Calls_that_were_piped_in_are_answered_before_the_end_in_the_order_sent()
    {
        await using var parley = await StartAsync();
        var lines = Enumerable.Range(1, 20).Select(i => """{"jsonrpc":"2.0","id":#,"method":"tools/call","params":{"name":"send_agent_message","arguments":{"to":"aaron","message":"number #"}}}""".Replace("#", $"{i}", StringComparison.Ordinal));
        var ran = await parley.RunAsync(["mcp", "--as", "tesla"], string.Join('\n', lines) + "\n");
        ran.ExitCode.ShouldBe(0, ran.Errors);
        ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(20);
        var stored = (await parley.DoAsync("inbox", "--as", "aaron", "--json")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("content").GetString());
        stored.ShouldBe(Enumerable.Range(1, 20).Select(i => $"number {i}"));
    }

    [Fact]
    public async Task Without_an_agent_nothing_is_begun()
    {
        await using var parley = new ParleyProgram();
        var ran = await parley.RunAsync(["mcp"]);
        ran.ExitCode.ShouldBe(2);
        ran.Output.ShouldBeEmpty();
        ran.Errors.ShouldContain("--as");
    }

    private static async Task<ParleyProgram> StartAsync()
    {
        var parley = new ParleyProgram();
        await PrepareAsync(parley);
        return parley;
    }

    private static async Task<System.Diagnostics.Process> PrepareAsync(ParleyProgram parley)
    {
        var server = await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        await parley.DoAsync("link", "tesla", "aaron");
        return server;
    }

    private static Task<McpClient> ConnectAsync(ParleyProgram parley, string agent) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet", Arguments = [ParleyProgram.Assembly, "mcp", "--as", agent],
            EnvironmentVariables = new Dictionary<string, string?> { ["PARLEY_DATA"] = parley.Data, ["PARLEY_URL"] = null, ["PARLEY_TOKEN"] = null },
        }),
        cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<JsonElement> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);
        var text = result.Content.ShouldHaveSingleItem().ShouldBeOfType<TextContentBlock>().Text;
        (result.IsError ?? false).ShouldBeFalse(text);
        return JsonElement.Parse(text);
    }
}
