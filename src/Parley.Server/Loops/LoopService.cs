using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Parley.Server.Loops;

/// <summary>One piece of background work: returns true when there is more to do at once.</summary>
/// <param name="Name">How the log calls it.</param>
/// <param name="Interval">How long it rests when there is nothing to do.</param>
/// <param name="RunOnceAsync">Does one portion of the work.</param>
/// <param name="Signal">Wakes it early; null where only time does.</param>
/// <param name="Yields">True where senders go first: while there is more to do it rests nine times as long as it works.</param>
/// <param name="IsSteady">True where it may not come late after an outage: it rests no longer for having failed.</param>
public sealed record Loop(string Name, TimeSpan Interval, Func<CancellationToken, Task<bool>> RunOnceAsync, LoopSignal? Signal = null, bool Yields = false, bool IsSteady = false);

/// <summary>Runs one loop until the server stops. A failure is logged once and tried again after a pause that grows, unless the loop is steady.</summary>
internal sealed partial class LoopService(Loop loop, TimeProvider time, ILogger<LoopService> log) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly LoopSignal signal = loop.Signal ?? new LoopSignal();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var began = time.GetTimestamp();
                var more = await loop.RunOnceAsync(stoppingToken);
                if (failures > 0)
                {
                    Recovered(log, loop.Name, failures);
                    failures = 0;
                }

                if (!more)
                {
                    await signal.WaitAsync(loop.Interval, time, stoppingToken);
                }
                else if (loop.Yields)
                {
                    await Task.Delay(time.GetElapsedTime(began) * 9, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                var pause = Pause(++failures);
                if (failures == 1)
                {
                    Failed(log, fault, loop.Name, pause.TotalSeconds);
                }

                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan Pause(int failures)
    {
        var pause = loop.Interval * (loop.IsSteady ? 1 : Math.Pow(2, Math.Min(failures - 1, 10)));
        return pause < LongestPause ? pause : TimeSpan.FromTicks(Math.Max(LongestPause.Ticks, loop.Interval.Ticks));
    }

    [LoggerMessage(LogLevel.Error, "The loop {Loop} failed; it goes on in {Seconds} s")]
    private static partial void Failed(ILogger log, Exception fault, string loop, double seconds);

    [LoggerMessage(LogLevel.Information, "The loop {Loop} works again after {Failures} failures")]
    private static partial void Recovered(ILogger log, string loop, int failures);
}
