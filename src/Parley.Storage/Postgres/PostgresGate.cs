namespace Parley.Storage.Postgres;

/// <summary>Lets so many pass at a time, in the order they came, and so many wait for a while; further ones are refused as busy.</summary>
internal sealed class PostgresGate(int places, int waiting, TimeProvider time, CancellationToken cut) : IDisposable
{
    /// <summary>Who has waited so long is told rather than kept: nothing was begun.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

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
            if (!_places.Wait(0, CancellationToken.None)) // free only where nobody waits
                await WaitAsync(ct);
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

    private async Task WaitAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token, cut);
        try
        {
            await _places.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw cut.IsCancellationRequested ? PostgresLine.Lost(committing: false) : StorageErrors.Busy();
        }
    }
}
