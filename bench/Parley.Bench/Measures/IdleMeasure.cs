using System.Globalization;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>`idle`: the server's memory with many agents connected that say nothing. Two descriptors a connection are needed: see `ulimit -n`.</summary>
static class IdleMeasure
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "idle", "Memory with idle connected agents.", MeasureCommand.Size("--agents", "How many agents connect.", 10_000), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int agents, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var server = await system.ServeAsync(folder.Path, cancellation);
        var tokens = await server.Accounts.AddAgentsAsync("agent", agents, cancellation);
        await Task.Delay(Rest, TimeProvider.System, cancellation);
        var before = server.Processes.ResidentMegabytes();
        foreach (var token in tokens)
            await server.ConnectAsync(token, cancellation);
        await Task.Delay(Rest, TimeProvider.System, cancellation);
        var after = server.Processes.ResidentMegabytes();
        return Table.Of(
            0, ["agents", "MB before", "MB connected", "MB peak", "KB each"],
            [[agents.ToString(CultureInfo.InvariantCulture), Table.Text("N0", before), Table.Text("N0", after), Table.Text("N0", server.Processes.PeakMegabytes()), Table.Text("F1", (after - before) * 1024 / agents)]]);
    }
}
