using System.Diagnostics;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems;
using Parley.Bench.Works;

namespace Parley.Bench;

/// <summary>Puts one system through one work, on a server of its own.</summary>
sealed class Runner(TimeSpan warmUp, TimeSpan recorded, TimeProvider time)
{
    static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    public async Task<Result> RunAsync(ISystem system, IWork work, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var server = await system.StartAsync(folder.Path, cancellation);
        try
        {
            return await MeasureAsync(system.Name, server, work, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new BenchException($"{failure.GetBaseException().Message} The server's last words: {server.LastOutput}");
        }
    }

    async Task<Result> MeasureAsync(string system, IServer server, IWork work, CancellationToken cancellation)
    {
        var phase = new Phase();
        var traffic = await work.OpenAsync(server, phase, cancellation);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var receivers = traffic.Receivers.Select(receive => Task.Run(() => receive(end.Token), CancellationToken.None)).ToList();
        var senders = traffic.Senders.Select(send => Task.Run(() => send(end.Token), CancellationToken.None)).ToList();
        var firstToEnd = Task.WhenAny([.. receivers, .. senders]);

        await HoldAsync(warmUp, firstToEnd, cancellation);
        var before = Usage.Of(server);
        phase.Record();
        await HoldAsync(recorded, firstToEnd, cancellation);
        phase.EndRecording();
        var used = Usage.Of(server) - before;

        phase.Stop();
        await StopAsync(senders, receivers, end);
        return Summarize(system, work, traffic, used, server.Processes.PeakMegabytes());
    }

    /// <summary>Lets the traffic run; no loop may end meanwhile.</summary>
    async Task HoldAsync(TimeSpan duration, Task<Task> firstToEnd, CancellationToken cancellation)
    {
        var delay = Task.Delay(duration, time, cancellation);
        if (await Task.WhenAny(delay, firstToEnd) == delay)
            await delay;
        else
        {
            await await firstToEnd;
            throw new BenchException("A sender or receiver ended before its time.");
        }
    }

    async Task StopAsync(List<Task> senders, List<Task> receivers, CancellationTokenSource end)
    {
        await Task.WhenAny(Task.WhenAll(senders), Task.Delay(DrainLimit, time, end.Token));
        await end.CancelAsync();
        try
        {
            await Task.WhenAll([.. senders, .. receivers]).WaitAsync(DrainLimit, time, CancellationToken.None);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // How every receiver ends.
        }
    }

    static Result Summarize(string system, IWork work, Traffic traffic, Usage used, double peakMegabytes)
    {
        var latencies = new Histogram();
        foreach (var inbox in traffic.Inboxes)
            latencies.Add(inbox.Latencies);
        var count = traffic.Inboxes.Sum(traffic.Count);
        return new Result(
            work.Name,
            system,
            count / used.Seconds,
            latencies.Milliseconds(0.50),
            latencies.Milliseconds(0.99),
            used.ServerCpu,
            used.GeneratorCpu,
            Math.Max(0, used.AllCpu - used.ServerCpu - used.GeneratorCpu),
            used.ServerCpu * 1_000_000 / Math.Max(1, count),
            peakMegabytes,
            used.DatabaseCpu);
    }

    sealed record Usage(double Seconds, double ServerCpu, double DatabaseCpu, double GeneratorCpu, double AllCpu)
    {
        public static Usage Of(IServer server)
        {
            using var self = Process.GetCurrentProcess();
            return new Usage(
                Stopwatch.GetElapsedTime(0).TotalSeconds,
                server.Processes.CpuSeconds(),
                server.Database?.CpuSeconds() ?? 0,
                self.TotalProcessorTime.TotalSeconds,
                Machine.BusySeconds());
        }

        public static Usage operator -(Usage later, Usage earlier) => new(
            later.Seconds - earlier.Seconds,
            later.ServerCpu - earlier.ServerCpu,
            later.DatabaseCpu - earlier.DatabaseCpu,
            later.GeneratorCpu - earlier.GeneratorCpu,
            later.AllCpu - earlier.AllCpu);
    }
}
