using System.Diagnostics;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>`start`: from starting the program until it answers that it is ready, on an empty folder and on one with data; and its memory at rest.</summary>
static class StartMeasure
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "start", "Cold start until ready, and idle memory.", MeasureCommand.Size("--repeats", "How often; the median counts.", 5), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int repeats, CancellationToken cancellation)
    {
        List<double> first = [], again = [], memory = [];
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            using var folder = new TempFolder();
            first.Add((await StartAsync(system, folder.Path, cancellation)).Milliseconds);
            var (milliseconds, megabytes) = await StartAsync(system, folder.Path, cancellation);
            again.Add(milliseconds);
            memory.Add(megabytes);
        }

        return Table.Of(1, ["start", "median", "lowest", "highest"], [Row("new folder, ms", first), Row("existing folder, ms", again), Row("idle memory, MB", memory)]);
    }

    static async Task<(double Milliseconds, double Megabytes)> StartAsync(ParleySystem system, string folder, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var server = await system.ServeAsync(folder, cancellation);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await Task.Delay(Rest, TimeProvider.System, cancellation);
        return (elapsed.TotalMilliseconds, server.Processes.ResidentMegabytes());
    }

    static string[] Row(string what, List<double> values)
    {
        values.Sort();
        return [what, Table.Text("N0", values[values.Count / 2]), Table.Text("N0", values[0]), Table.Text("N0", values[^1])];
    }
}
