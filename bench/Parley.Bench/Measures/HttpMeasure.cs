using System.Diagnostics;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>
/// `http`, `mcp` and `a2a`: direct messages sent with POST /api/v1/messages, with the tool send_agent_message, or as a task of A2A that is not waited for, each flushed before its answer; from 50
/// agents at once, and from one.
/// </summary>
static class HttpMeasure
{
    const int Senders = 50;
    static readonly string Text = new('x', 200);
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>Stands in a request for what has to be another one in each call.</summary>
    static readonly string Unique = new('0', 20);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "http", "Durable sends over HTTP.", Seconds(),
        (system, seconds, cancellation) => MeasureAsync(system, seconds, _ => "/api/v1/messages", to => $$"""{"to":"{{to}}","content":"{{Text}}"}""", cancellation));

    public static System.CommandLine.Command CreateMcp() => MeasureCommand.Create(
        "mcp", "Durable sends by the tool send_agent_message.", Seconds(),
        (system, seconds, cancellation) => MeasureAsync(
            system, seconds, _ => "/mcp",
            to => """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send_agent_message","arguments":{"to":"#","message":"*"}}}""".Replace("#", to).Replace("*", Text),
            cancellation));

    public static System.CommandLine.Command CreateA2a() => MeasureCommand.Create(
        "a2a", "Durable tasks over A2A that are not waited for.", Seconds(),
        (system, seconds, cancellation) => MeasureAsync(
            system, seconds, to => $"/a2a/{to}/message:send",
            _ => """{"message":{"messageId":"#","role":"ROLE_USER","parts":[{"text":"*"}]},"configuration":{"returnImmediately":true,"historyLength":0}}""".Replace("#", Unique).Replace("*", Text),
            cancellation));

    static System.CommandLine.Option<int> Seconds() => MeasureCommand.Size("--seconds", "Recorded seconds of each run, after 5 s of warm-up.", 10);

    static async Task<string> MeasureAsync(ParleySystem system, int seconds, Func<string, string> pathTo, Func<string, string> bodyTo, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var server = await system.ServeAsync(folder.Path, cancellation);
        var requests = new List<byte[]>();
        for (var number = 0; number < Senders; number++)
        {
            var pair = await server.AddPairAsync(number, cancellation);
            requests.Add(HttpCaller.Post(pathTo(pair.Receiver), pair.SenderToken, bodyTo(pair.Receiver)));
        }

        var duration = TimeSpan.FromSeconds(seconds);
        return Table.Of(
            0, ["senders", "calls/s", "p50 ms", "p99 ms"],
            [await RunAsync(server.Port, requests, duration, cancellation), await RunAsync(server.Port, requests[..1], duration, cancellation)]);
    }

    static async Task<string[]> RunAsync(int port, List<byte[]> requests, TimeSpan duration, CancellationToken cancellation)
    {
        var all = await Task.WhenAll(requests.Select(request => Task.Run(() => CallAsync(port, request, duration, cancellation), cancellation)));
        var latencies = new Histogram();
        foreach (var one in all)
            latencies.Add(one);
        return
        [
            Table.Text("N0", requests.Count), Table.Text("N0", latencies.Count / duration.TotalSeconds),
            Table.Text("F3", latencies.Milliseconds(0.50)), Table.Text("F3", latencies.Milliseconds(0.99)),
        ];
    }

    static async Task<Histogram> CallAsync(int port, byte[] request, TimeSpan duration, CancellationToken cancellation)
    {
        using var caller = await HttpCaller.OpenAsync(port, cancellation);
        var latencies = new Histogram();
        var unique = request.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Unique));
        var began = Stopwatch.GetTimestamp();
        TimeSpan at;
        while ((at = Stopwatch.GetElapsedTime(began)) < WarmUp + duration)
        {
            var sent = Stopwatch.GetTimestamp();
            if (unique >= 0)
                System.Buffers.Text.Utf8Formatter.TryFormat(sent, request.AsSpan(unique), out _, new System.Buffers.StandardFormat('D', (byte)Unique.Length));
            await caller.CallAsync(request, cancellation);
            if (at >= WarmUp)
                latencies.Add(Stopwatch.GetTimestamp() - sent);
        }

        return latencies;
    }
}
