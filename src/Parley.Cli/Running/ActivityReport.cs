using System.Diagnostics;
using Parley.Client;

namespace Parley.Cli.Running;

/// <summary>Says every few seconds whether a program is at work. A server that is away is no reason to stop the program.</summary>
internal sealed class ActivityReport(ParleyClient client, Process process)
{
    /// <summary>A program that waits uses next to nothing, also where it moves a sign on its screen.</summary>
    private const double Busy = 0.04;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, TimeProvider.System);
        var (used, at) = (ProcessTree.Used(process), Stopwatch.GetTimestamp());
        await SayAsync("busy", cancellation).ConfigureAwait(false);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            var (now, moment) = (ProcessTree.Used(process), Stopwatch.GetTimestamp());
            await SayAsync((now - used) / Stopwatch.GetElapsedTime(at, moment) > Busy ? "busy" : "idle", cancellation).ConfigureAwait(false);
            (used, at) = (now, moment);
        }
    }

    public async Task SayAsync(string state, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        try
        {
            await client.Agents.SayActivityAsync(state, late.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ParleyException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The next one may come through.
        }
    }
}
