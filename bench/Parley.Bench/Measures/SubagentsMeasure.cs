using System.Diagnostics;
using System.Globalization;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Bench.Measures;

/// <summary>`subagents`: many sub-agents of one agent at the same time, on a streaming stub of a model. Each parent waits in its inbox for the results of its children.</summary>
static class SubagentsMeasure
{
    const int AtOnce = 16;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "subagents", "Sub-agents at once on a streaming stub of a model.", MeasureCommand.Size("--count", "How many sub-agents.", 1_000), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int count, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        // Slow enough that all of them speak at the same time.
        await using var model = StubModel.Start(pieces: 20, pause: TimeSpan.FromMilliseconds(500));
        await using var server = await SpawnHouse.StartAsync(system, folder.Path, Math.Max(count, 1), model.Address, cancellation);
        var parents = (await server.Accounts.AddAgentsAsync("parent", (count + SpawnHouse.Children - 1) / SpawnHouse.Children, cancellation)).Select(token => new ParleyClient(server.Address, token)).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        var (before, began, machine, used) = (server.Processes.ResidentMegabytes(), Stopwatch.GetTimestamp(), Machine.BusySeconds(), server.Processes.CpuSeconds());
        var sessions = new string[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = limit.Token };
        await Parallel.ForAsync(0, count, options, async (index, token) =>
            sessions[index] = (await parents[index % parents.Count].Sessions.SpawnAsync(new SpawnRequest(SpawnHouse.Worker, $"What does part {index} need for the release?"), token)).SessionKey);
        var spawned = Stopwatch.GetElapsedTime(began);
        var results = await Task.WhenAll(parents.Select((parent, index) => ReceiveAsync(parent, count / parents.Count + (index < count % parents.Count ? 1 : 0), limit.Token)));
        var took = Stopwatch.GetElapsedTime(began);
        parents.ForEach(parent => parent.Dispose());

        var stats = await server.Accounts.SessionsAsync(cancellation);
        var received = results.SelectMany(keys => keys).ToHashSet();
        if (!received.SetEquals(sessions) || stats.Completed != count || stats.Spawned != count)
            throw new BenchException($"{count} were spawned, {received.Count} results came, {stats.Completed} have completed.");
        return Table.Of(
            0, ["sub-agents", "model calls", "most at once", "all spawned s", "all ended s", "lost", "MB before", "MB peak", "server CPU s", "machine CPU s"],
            [[
                count.ToString(CultureInfo.InvariantCulture), Table.Text("N0", model.Calls), Table.Text("N0", model.MostAtOnce), Table.Text("F1", spawned.TotalSeconds), Table.Text("F1", took.TotalSeconds),
                "0", Table.Text("N0", before), Table.Text("N0", server.Processes.PeakMegabytes()), Table.Text("F1", server.Processes.CpuSeconds() - used), Table.Text("F1", Machine.BusySeconds() - machine),
            ]]);
    }

    /// <summary>The sessions whose results came; a second one of the same session is a failure.</summary>
    static async Task<HashSet<string>> ReceiveAsync(ParleyClient parent, int count, CancellationToken cancellation)
    {
        var received = new HashSet<string>();
        try
        {
            await foreach (var message in parent.Inbox.FollowAsync(cancellation: cancellation))
            {
                var facts = message.Metadata!.Value.GetProperty("parley.session");
                var session = facts.GetProperty("sessionKey").GetString()!;
                if (facts.GetProperty("status").GetString() != "completed" || !received.Add(session))
                    throw new BenchException($"'{session}' has ended otherwise, or twice: {message.Content}");
                if (received.Count == count)
                    return received;
            }
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"{received.Count} of {count} results of a parent have come within {Limit.TotalMinutes} minutes.");
        }

        return received;
    }
}
