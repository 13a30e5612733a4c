using System.CommandLine;
using System.Text.Json;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;
using Parley.Bench.Works;

namespace Parley.Bench.Measures;

/// <summary>`nodes`: the pairs of `compare` through one, two and three nodes on one PostgreSQL, and where the limit lies.</summary>
static class NodesMeasure
{
    const int Pairs = 50;
    const int Window = 16;
    const double Full = 0.9;

    /// <summary>As `compare` repeats a run.</summary>
    const double Disturbance = 0.05;

    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var most = new Option<int>("--most") { Description = "From one node to so many.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<int>("--seconds") { Description = "Recorded seconds of each run.", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Seconds before them; every node compiles what is hot by itself.", DefaultValueFactory = _ => 8 };
        var json = new Option<bool>("--json") { Description = "Print the results as JSON, which `simulate --figures FILE` reads." };
        var install = new Option<bool>("--install") { Description = "Install PostgreSQL with apt-get where it is missing (as root)." };
        var parley = ParleyOption.Create();
        var command = new Command("nodes", "One, two and three nodes on one PostgreSQL.") { most, seconds, warmUp, json, install, parley };
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = new List<NodesFigures>();
            for (var nodes = 1; nodes <= parsed.GetValue(most); nodes++)
            {
                foreach (var window in (int[])[1, Window])
                {
                    figures.Add(await RunAsync(
                        nodes, window, TimeSpan.FromSeconds(parsed.GetValue(warmUp)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), ParleyOption.Of(parsed, parley), parsed.GetValue(install), cancellation));
                }
            }

            await WarnAsync(figures);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, JsonOptions) : TableOf(figures));
            return 0;
        });
        return command;
    }

    /// <summary>Says where the figures are worse than the system is.</summary>
    public static async Task WarnAsync(IReadOnlyList<NodesFigures> figures)
    {
        if (figures.Max(run => run.OtherShare) is var other and > Disturbance)
            await Console.Error.WriteLineAsync($"Other programs took up to {Table.Text("F0", 100 * other)} % of the CPU: measure again on a machine at rest.");
    }

    /// <summary>One run.</summary>
    public static async Task<NodesFigures> RunAsync(int nodes, int window, TimeSpan warmUp, TimeSpan recorded, ParleyProgram program, bool install, CancellationToken cancellation)
    {
        var work = window == 1 ? "pairs" : "pairs-window";
        await Console.Error.WriteLineAsync($"{work}: {nodes} nodes ...");
        var system = new NodesSystem(nodes, program, install);
        var result = await new Runner(warmUp, recorded, TimeProvider.System).RunAsync(system, new PairsWork(work, Pairs, window), cancellation);
        var (count, stored) = (Math.Max(1, result.Rate * recorded.TotalSeconds), system.Stored!);
        var available = recorded.TotalSeconds * Environment.ProcessorCount;
        return new NodesFigures(
            work, nodes, result.Rate, result.P50Milliseconds, result.P99Milliseconds,
            (result.ServerCpuSeconds - result.DatabaseCpuSeconds) * 1_000_000 / count, result.DatabaseCpuSeconds * 1_000_000 / count,
            (result.ServerCpuSeconds - result.DatabaseCpuSeconds) / available, result.DatabaseCpuSeconds / available, result.GeneratorCpuSeconds / available, result.OtherCpuSeconds / available,
            (double)stored.Bytes / Math.Max(1, stored.Messages), (double)stored.LogBytes / Math.Max(1, stored.Messages), (double)stored.Connections / nodes, stored.NoticesPerSecond);
    }

    public static IReadOnlyList<NodesFigures> Read(string file) =>
        JsonSerializer.Deserialize<List<NodesFigures>>(File.ReadAllText(file), JsonOptions) is { Count: > 0 } figures ? figures : throw new BenchException($"{file} holds no results of `nodes --json`.");

    static string TableOf(List<NodesFigures> figures) => Table.Of(
        1,
        ["work", "nodes", "rate/s", "x 1 node", "p50 ms", "p99 ms", "node CPU us each", "PostgreSQL CPU us each", "nodes %", "PostgreSQL %", "generator %", "other %", "connections/node", "notices/s", "limit"],
        figures.Select(run => (string[])
        [
            run.Work, Table.Text("N0", run.Nodes), Table.Text("N0", run.Rate), Table.Text("F2", run.Rate / figures.First(one => one.Work == run.Work).Rate), Table.Text("F2", run.P50Milliseconds),
            Table.Text("F2", run.P99Milliseconds), Table.Text("F0", run.NodeMicrosecondsEach), Table.Text("F0", run.DatabaseMicrosecondsEach), Table.Text("F0", 100 * run.NodesShare),
            Table.Text("F0", 100 * run.DatabaseShare), Table.Text("F0", 100 * run.GeneratorShare), Table.Text("F0", 100 * run.OtherShare), Table.Text("F0", run.ConnectionsPerNode),
            Table.Text("F0", run.NoticesPerSecond), LimitOf(run),
        ]));

    /// <summary>The CPU of this machine, and who takes most of it; or what is waited for, which is locks and flushes.</summary>
    static string LimitOf(NodesFigures run) =>
        run.NodesShare + run.DatabaseShare + run.GeneratorShare + run.OtherShare < Full ? "waiting"
        : run.DatabaseShare > run.NodesShare ? "CPU: PostgreSQL" : "CPU: nodes";
}

/// <summary>What was measured of so many nodes. Shares are of all CPU of the machine while it was recorded.</summary>
sealed record NodesFigures(
    string Work,
    int Nodes,
    double Rate,
    double P50Milliseconds,
    double P99Milliseconds,
    double NodeMicrosecondsEach,
    double DatabaseMicrosecondsEach,
    double NodesShare,
    double DatabaseShare,
    double GeneratorShare,
    double OtherShare,
    double BytesEach,
    double LogBytesEach,
    double ConnectionsPerNode,
    double NoticesPerSecond);
