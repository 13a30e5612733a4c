using System.Diagnostics.CodeAnalysis;

namespace Parley.Storage.Sqlite;

/// <summary>What the writer thread is asked to do besides the waiting writes.</summary>
[Flags]
internal enum WriterSignals
{
    None = 0,
    Retry = 1,
    Checkpoint = 2,
    Fault = 4,
    Stop = 8,
}

/// <summary>The bounded first-in-first-out queue in front of the writer thread.</summary>
internal sealed class WriteQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<IWriteUnit> _waiting = new();
    private WriterSignals _signals;
    private Func<Exception>? _refusal;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Takes the unit, or tells why not.</summary>
    public Exception? Add(IWriteUnit unit)
    {
        lock (_gate)
        {
            if (_refusal is not null)
                return _refusal();
            if (_waiting.Count >= capacity)
                return StorageErrors.Busy();
            _waiting.Enqueue(unit);
            if (_waiting.Count == 1)
                Monitor.Pulse(_gate);
            return null;
        }
    }

    public bool TryTake([NotNullWhen(true)] out IWriteUnit? unit)
    {
        lock (_gate)
            return _waiting.TryDequeue(out unit);
    }

    public void Signal(WriterSignals signals)
    {
        lock (_gate)
        {
            _signals |= signals;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Blocks the writer thread until there is something to do; returns the signals since the last call.</summary>
    public WriterSignals Wait()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && _signals == WriterSignals.None)
                Monitor.Wait(_gate);
            var signals = _signals;
            _signals = WriterSignals.None;
            return signals;
        }
    }

    /// <summary>Refuses every write from now on, those that wait included.</summary>
    public void Refuse(Func<Exception> refusal)
    {
        IWriteUnit[] waiting;
        lock (_gate)
        {
            _refusal = refusal;
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var unit in waiting)
            unit.Fail(refusal());
    }

    /// <summary>Refuses new writes for good but keeps those that wait.</summary>
    public void Close(Func<Exception> refusal)
    {
        lock (_gate)
        {
            _refusal ??= refusal;
            _closed = true;
        }
    }

    /// <summary>Takes writes again, unless the queue was closed.</summary>
    public void Accept()
    {
        lock (_gate)
            _refusal = _closed ? _refusal : null;
    }
}
