using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Cli.Mcp;
using Parley.Client;

namespace Parley.Tests.Cli.Mcp;

/// <summary>What is handed on to a server that goes away at a bad moment.</summary>
public sealed class McpForwardTests
{
    private const string Line = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";
    private const string Listing = Line;
    private const string Sending = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send_agent_message","arguments":{"to":"aaron","message":"x"}}}""";
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

    [Theory]
    [InlineData(503, Listing, true)] // a load balancer without a node: nothing was asked
    [InlineData(503, Sending, true)]
    [InlineData(502, Listing, true)]
    [InlineData(502, Sending, false)] // the node may have done it
    public async Task What_a_load_balancer_answers_for_a_node_that_is_away_is_waited_out_where_the_call_may_be_repeated(int status, string line, bool repeated)
    {
        var stub = new Balancer(status);
        using var http = new HttpClient(stub);
        var answers = new List<string>();
        var forward = new McpForward(http, _ => Task.FromResult((new Uri("http://127.0.0.1/mcp"), "token")), TimeProvider.System);
        var error = await Record.ExceptionAsync(() => forward.RunAsync(
            line, McpLine.Parse(line)!,
            answer =>
            {
                answers.Add(answer);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken));
        (answers.Count, (error as ParleyException)?.Code).ShouldBe(repeated ? (1, null) : (0, ParleyException.OutcomeUnknown));
    }

    /// <summary>Answers once in its own name, and then hands on.</summary>
    private sealed class Balancer(int status) : HttpMessageHandler
    {
        private bool answered;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var first = !answered;
            answered = true;
            return Task.FromResult(first
                ? new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("<html></html>", Encoding.UTF8, "text/html") }
                : new HttpResponseMessage { Content = new StringContent(Answer, Encoding.UTF8, "application/json") });
        }
    }
}
