using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Bench.Measures;

/// <summary>`hosted`: many agents that Parley runs on a streaming stub of a model. Each is sent one message by one agent from outside, which waits for all answers.</summary>
static class HostedMeasure
{
    const int AtOnce = 16;
    const string Asker = "asker";
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "hosted", "Hosted agents on a streaming stub of a model.", MeasureCommand.Size("--agents", "How many agents are hosted.", 1_000), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int agents, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var model = StubModel.Start();
        // The server is a child of this process and finds 'local/…' there.
        Environment.SetEnvironmentVariable("PARLEY_LOCAL_URL", model.Address);
        await using var server = await system.ServeAsync(folder.Path, cancellation);
        using var asker = new ParleyClient(server.Address, await server.Accounts.AddAgentAsync(Asker, cancellation));
        await server.Accounts.HostAgentsAsync("agent", agents, "local/stub", Asker, cancellation);
        var before = server.Processes.ResidentMegabytes();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        var (began, machine, used) = (Stopwatch.GetTimestamp(), Machine.BusySeconds(), server.Processes.CpuSeconds());
        var asked = new ConcurrentDictionary<string, long>();
        var sending = Parallel.ForAsync(0, agents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = limit.Token }, async (index, token) =>
        {
            var name = $"agent{index}";
            asked[name] = Stopwatch.GetTimestamp();
            await asker.Messages.SendAsync(new SendRequest { To = name, Content = "What do you need for the release?" }, token);
        });
        var latencies = await ReceiveAsync(asker, asked, agents, limit.Token);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await sending;
        return Table.Of(
            0, ["agents", "model calls", "all answered s", "p50 ms", "p99 ms", "MB before", "MB peak", "server CPU s", "machine CPU s"],
            [[
                agents.ToString(CultureInfo.InvariantCulture), Table.Text("N0", model.Calls), Table.Text("F1", seconds), Table.Text("N0", latencies.Milliseconds(0.50)), Table.Text("N0", latencies.Milliseconds(0.99)),
                Table.Text("N0", before), Table.Text("N0", server.Processes.PeakMegabytes()), Table.Text("F1", server.Processes.CpuSeconds() - used), Table.Text("F1", Machine.BusySeconds() - machine),
            ]]);
    }

    /// <summary>Waits for one answer of each; a second one of the same agent is a failure.</summary>
    static async Task<Histogram> ReceiveAsync(ParleyClient asker, ConcurrentDictionary<string, long> asked, int agents, CancellationToken cancellation)
    {
        var (latencies, answered) = (new Histogram(), new HashSet<string>());
        try
        {
            await foreach (var answer in asker.Inbox.FollowAsync(cancellation: cancellation))
            {
                latencies.Add(Stopwatch.GetTimestamp() - asked[answer.From]);
                if (!answered.Add(answer.From))
                    throw new BenchException($"'{answer.From}' answered twice.");
                if (answered.Count == agents)
                    return latencies;
            }
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"{answered.Count} of {agents} agents have answered within {Limit.TotalMinutes} minutes.");
        }

        return latencies;
    }
}
