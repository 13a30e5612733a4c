using Parley.Core;
namespace Parley.Storage;

/// <summary>Keeps the state of one database and tells who listens when it changes.</summary>
internal sealed class HealthState(TimeProvider time)
{
    private volatile StorageHealth _current = new(StorageState.Ready, null, time.GetUtcNow());

    public event Action<StorageHealth>? Changed;

    public StorageHealth Current => _current;

    public void Set(StorageState state, string? reason)
    {
        if (_current.State == state && _current.Reason == reason)
            return;
        var since = _current.State == state ? _current.Since : time.GetUtcNow();
        _current = new StorageHealth(state, reason, since);
        Changed?.Invoke(_current);
    }
}
