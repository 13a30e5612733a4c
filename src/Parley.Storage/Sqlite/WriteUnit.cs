namespace Parley.Storage.Sqlite;

/// <summary>A write that waits for the writer thread, and the task of its caller.</summary>
internal interface IWriteUnit
{
    /// <summary>False if the caller gave up before the unit began; its task is then cancelled.</summary>
    bool TryBegin();

    /// <summary>Runs the work and keeps its result for <see cref="Complete"/>.</summary>
    void Run(Session session);

    void Complete();

    void Fail(Exception error);
}

internal sealed class WriteUnit<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IWriteUnit
{
    private T _result = default!;

    public bool TryBegin()
    {
        if (!ct.IsCancellationRequested)
            return true;
        TrySetCanceled(ct);
        return false;
    }

    public void Run(Session session)
    {
        var running = work(session);
        if (!running.IsCompleted)
        {
            _ = running.AsTask();
            throw new InvalidOperationException("A write to SQLite must not wait for anything but its session.");
        }
        _result = running.GetAwaiter().GetResult();
    }

    public void Complete() => SetResult(_result);

    public void Fail(Exception error) => SetException(error);
}
