using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Cli.Mcp;

namespace Parley.Tests.Cli.Mcp;

/// <summary>What is handed on to a server that goes away at a bad moment.</summary>
public sealed class McpForwardTests
{
    private const string Line = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";
    private const string Answer = """{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}""";

    [Fact]
    public async Task A_call_whose_answer_came_is_not_asked_again_where_the_connection_breaks_after_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                Interlocked.Increment(ref asked);
                await connection.ReceiveAsync(new byte[16 * 1024], TestContext.Current.CancellationToken);
                var item = $"data: {Answer}\n\n";
                await connection.SendAsync(
                    Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{item.Length:x}\r\n{item}\r\n"), TestContext.Current.CancellationToken);
                connection.Close(0); // without the end of the stream
            }
        }, TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        var answers = new List<string>();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/mcp");

        await new McpForward(http, _ => Task.FromResult((address, "token")), TimeProvider.System).RunAsync(
            Line, McpLine.Parse(Line)!,
            answer =>
            {
                answers.Add(answer);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);

        answers.ShouldBe([Answer]);
        asked.ShouldBe(1);
        listener.Stop();
        await Should.ThrowAsync<Exception>(() => serving);
    }
}
