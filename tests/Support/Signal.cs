using System.Runtime.CompilerServices;

namespace Parley.Tests.Support;

/// <summary>Something that a test waits for: raised once, with a value, by whatever thread sees it happen.</summary>
public sealed class Signal<T>
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsRaised => _source.Task.IsCompleted;

    public void Raise(T value) => _source.TrySetResult(value);

    public void Fail(Exception reason) => _source.TrySetException(reason);

    public Task<T> Within(TimeSpan limit, [CallerArgumentExpression(nameof(limit))] string what = "") => _source.Task.Within(limit, what);

    public TaskAwaiter<T> GetAwaiter() => _source.Task.GetAwaiter();
}

/// <summary>A signal without a value.</summary>
public sealed class Signal
{
    private readonly Signal<bool> _signal = new();

    public bool IsRaised => _signal.IsRaised;

    public void Raise() => _signal.Raise(true);

    public void Fail(Exception reason) => _signal.Fail(reason);

    public Task Within(TimeSpan limit) => _signal.Within(limit, "a signal");

    public TaskAwaiter<bool> GetAwaiter() => _signal.GetAwaiter();
}
