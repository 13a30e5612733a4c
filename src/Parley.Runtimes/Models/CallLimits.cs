namespace Parley.Runtimes.Models;

/// <summary>Ends a call when it takes too long as a whole, or when its stream pauses too long.</summary>
internal sealed class CallLimits : IDisposable
{
    private readonly TimeSpan _whole;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _any;

    public CallLimits(TimeSpan whole, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        (_whole, _pause) = (whole, pause);
        _late = new CancellationTokenSource(whole, time);
        _stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _late.Token, _stalled.Token);
    }

    public CancellationToken Token => _any.Token;

    /// <summary>Which limit was reached, as the end of a sentence, or null.</summary>
    public string? Reached => _late.IsCancellationRequested ? FormattableString.Invariant($"has not answered within {_whole.TotalSeconds:0.#} s")
        : _stalled.IsCancellationRequested ? FormattableString.Invariant($"has said nothing for {_pause.TotalSeconds:0.#} s in the middle of its answer")
        : null;

    /// <summary>A piece has come: the next one is waited for anew.</summary>
    public void Heard() => _stalled.CancelAfter(_pause);

    public void Dispose()
    {
        _any.Dispose();
        _stalled.Dispose();
        _late.Dispose();
    }
}
