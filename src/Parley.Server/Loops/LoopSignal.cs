namespace Parley.Server.Loops;

/// <summary>Wakes a loop before its time. Setting it many times wakes it once.</summary>
public sealed class LoopSignal
{
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set() => signal.TrySetResult();

    /// <summary>Completes when the signal is set or the time is over.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await signal.Task.WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return;
        }

        signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
