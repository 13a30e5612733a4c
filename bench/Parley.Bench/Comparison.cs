using Parley.Bench.Report;
using Parley.Bench.Systems;
using Parley.Bench.Works;

namespace Parley.Bench;

/// <summary>Every system through every work, work by work so that the figures that are compared lie close together in time.</summary>
sealed class Comparison(Runner runner, int attempts)
{
    /// <summary>A run is repeated when other programs took more than this share of what the server and the generator took.</summary>
    const double Disturbance = 0.05;

    readonly List<Result> results = [];

    public IReadOnlyList<Result> Results => results;

    /// <summary>False when a system failed in a work; the others were run all the same.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<ISystem> systems, IReadOnlyList<Func<IWork>> works, CancellationToken cancellation)
    {
        var complete = true;
        foreach (var create in works)
        {
            foreach (var system in systems)
            {
                if (await RunUndisturbedAsync(system, create, cancellation) is { } result)
                    results.Add(result);
                else
                    complete = false;
            }
        }

        return complete;
    }

    /// <summary>Of the allowed attempts the first undisturbed one, or else the least disturbed, or null when all failed.</summary>
    async Task<Result?> RunUndisturbedAsync(ISystem system, Func<IWork> create, CancellationToken cancellation)
    {
        Result? best = null;
        for (var attempt = 1; attempt <= attempts && (best is null || IsDisturbed(best)); attempt++)
        {
            var work = create();
            var run = $"{work.Name}: {system.Name}";
            await Console.Error.WriteLineAsync($"{run} ...");
            try
            {
                var result = await runner.RunAsync(system, work, cancellation);
                await Console.Error.WriteLineAsync($"{run} {Describe(result)}");
                if (best is null || result.OtherCpuSeconds < best.OtherCpuSeconds)
                    best = result;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"{run} failed: {failure.Message}");
            }
        }

        return best;
    }

    static string Describe(Result result) =>
        $"{result.Rate:N0}/s, p50 {result.P50Milliseconds:F3} ms, p99 {result.P99Milliseconds:F3} ms"
        + (IsDisturbed(result) ? $" (other programs took {result.OtherCpuSeconds:F1} s of the CPU)" : "");

    static bool IsDisturbed(Result result) =>
        result.OtherCpuSeconds > Disturbance * (result.ServerCpuSeconds + result.GeneratorCpuSeconds);
}
