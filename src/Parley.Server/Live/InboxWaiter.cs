using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Server.Live;

/// <summary>A long poll: waits until an inbox grows.</summary>
internal sealed class InboxWaiter(Caller caller, long head) : IInboxListener
{
    private readonly TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public Caller Caller => caller;

    /// <inheritdoc/>
    public bool Offer(long number, SharedFrame? frame)
    {
        grown.TrySetResult();
        return false;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // A long poll reads by itself.
    }

    /// <inheritdoc/>
    public void Check(long number)
    {
        if (number > head)
        {
            grown.TrySetResult();
        }
    }

    /// <summary>Reads again when there is something, or once more when the time is over.</summary>
    public static async Task<InboxView> WaitAsync(
        LiveConnections live, Stopping stopping, Caller caller, InboxView empty, TimeSpan time, TimeProvider clock, Func<Task<InboxView>> read, CancellationToken cancellationToken)
    {
        var waiter = new InboxWaiter(caller, empty.State.Head);
        using var atTheEnd = stopping.Token.Register(() => waiter.grown.TrySetResult());
        live.Add(waiter);
        try
        {
            // What came before the waiter was there is found by this read.
            var view = await read();
            if (view.Items.Count > 0)
            {
                return view;
            }

            await waiter.grown.Task.WaitAsync(time, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            return await read();
        }
        finally
        {
            live.Remove(waiter);
        }
    }
}
