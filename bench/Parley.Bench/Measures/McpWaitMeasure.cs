using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>`mcp-wait`: from the call of a send to the answer of an idle agent that waits in `check_messages`; one agent waiting, and 100 that are written to by turns.</summary>
static class McpWaitMeasure
{
    const int Many = 100;
    const int Warm = 200;
    static readonly string Text = new('x', 200);

    /// <summary>Long enough that the agent waits and nothing of the last message goes on.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "mcp-wait", "From a send to an idle waiting MCP client.", MeasureCommand.Size("--sends", "Recorded sends of each run.", 2_000), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int sends, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var server = await system.ServeAsync(folder.Path, cancellation);
        var pairs = new List<ParleyPair>();
        for (var number = 0; number < Many; number++)
            pairs.Add(await server.AddPairAsync(number, cancellation));
        return Table.Of(
            0, ["waiting", "sends", "p50 ms", "p99 ms", "send p50 ms"],
            [await RunAsync(server.Port, pairs[..1], sends, cancellation), await RunAsync(server.Port, pairs, sends, cancellation)]);
    }

    static async Task<string[]> RunAsync(int port, List<ParleyPair> pairs, int sends, CancellationToken cancellation)
    {
        var waiters = new List<Waiter>();
        foreach (var pair in pairs)
            waiters.Add(await Waiter.OpenAsync(port, pair, cancellation));
        var (latencies, answers) = (new Histogram(), new Histogram());
        for (var round = 0; round < Warm + sends; round++)
        {
            var waiter = waiters[round % waiters.Count];
            await Task.Delay(Rest, TimeProvider.System, cancellation);
            var sent = Stopwatch.GetTimestamp();
            await waiter.Sender.CallAsync(waiter.Send, cancellation);
            var answered = Stopwatch.GetTimestamp();
            var received = await waiter.ReceivedAsync(cancellation);
            if (round >= Warm)
            {
                latencies.Add(received - sent);
                answers.Add(answered - sent);
            }
        }

        foreach (var waiter in waiters)
            waiter.Dispose();
        return
        [
            Table.Text("N0", pairs.Count), Table.Text("N0", latencies.Count), Table.Text("F3", latencies.Milliseconds(0.50)), Table.Text("F3", latencies.Milliseconds(0.99)),
            Table.Text("F3", answers.Milliseconds(0.50)),
        ];
    }

    /// <summary>An agent that waits, and the one that writes to it.</summary>
    sealed class Waiter : IDisposable
    {
        readonly HttpCaller caller;
        readonly string token;
        Task<(long At, string Cursor)> waiting;

        Waiter(HttpCaller caller, HttpCaller sender, ParleyPair pair, CancellationToken cancellation)
        {
            (this.caller, Sender, token) = (caller, sender, pair.ReceiverToken);
            Send = HttpCaller.Post("/mcp", pair.SenderToken, Call("send_agent_message", $$"""{"to":"{{pair.Receiver}}","message":"{{Text}}"}"""));
            waiting = WaitAsync("", cancellation);
        }

        public HttpCaller Sender { get; }

        public byte[] Send { get; }

        public static async Task<Waiter> OpenAsync(int port, ParleyPair pair, CancellationToken cancellation)
        {
            // What an earlier run left is acknowledged first.
            var caller = await HttpCaller.OpenAsync(port, cancellation);
            var left = HttpCaller.Post("/mcp", pair.ReceiverToken, Call("check_messages", """{"limit":500}"""));
            var cursor = CursorOf(await caller.CallAsync(left, cancellation));
            await caller.CallAsync(HttpCaller.Post("/mcp", pair.ReceiverToken, Call("check_messages", $$"""{"cursor":"{{cursor}}"}""")), cancellation);
            return new Waiter(caller, await HttpCaller.OpenAsync(port, cancellation), pair, cancellation);
        }

        /// <summary>When the message came. The agent waits again.</summary>
        public async Task<long> ReceivedAsync(CancellationToken cancellation)
        {
            var (at, cursor) = await waiting;
            waiting = WaitAsync(cursor, cancellation);
            return at;
        }

        public void Dispose()
        {
            caller.Dispose();
            Sender.Dispose();
        }

        async Task<(long At, string Cursor)> WaitAsync(string cursor, CancellationToken cancellation)
        {
            while (true)
            {
                var known = cursor.Length == 0 ? "" : $"\"cursor\":\"{cursor}\",";
                var answer = await caller.CallAsync(HttpCaller.Post("/mcp", token, Call("check_messages", $"{{{known}\"wait_seconds\":50}}")), cancellation);
                var at = Stopwatch.GetTimestamp();
                cursor = CursorOf(answer);
                if (answer.Span.IndexOf("xxxx"u8) >= 0)
                    return (at, cursor);
            }
        }

        static string CursorOf(ReadOnlyMemory<byte> answer)
        {
            var lines = Encoding.UTF8.GetString(answer.Span).Split('\n');
            using var message = JsonDocument.Parse(lines.First(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]);
            using var text = JsonDocument.Parse(message.RootElement.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
            return text.RootElement.GetProperty("cursor").GetString()!;
        }

        static string Call(string tool, string arguments) => $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";
    }
}
