namespace Parley.Storage.Postgres;

/// <summary>Lets so many pass at a time and so many wait; further ones are refused as busy.</summary>
internal sealed class PostgresGate(int places, int waiting) : IDisposable
{
    private readonly SemaphoreSlim _places = new(places);
    private int _inside;

    public async ValueTask EnterAsync(CancellationToken ct)
    {
        if (Interlocked.Increment(ref _inside) > places + waiting)
        {
            Interlocked.Decrement(ref _inside);
            throw StorageErrors.Busy();
        }
        try
        {
            await _places.WaitAsync(ct);
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _inside);
        _places.Release();
    }

    /// <summary>Waits until everyone who entered has left; nobody enters any more.</summary>
    public async Task DrainAsync()
    {
        for (var i = 0; i < places; i++)
            await _places.WaitAsync();
    }

    public void Dispose() => _places.Dispose();
}
