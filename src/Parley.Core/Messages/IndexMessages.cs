namespace Parley.Core.Messages;

/// <summary>Keeps the full-text index up to date where the store does not do so by itself.</summary>
public sealed class IndexMessages(IDatabase database)
{
    private const int AtOnce = 1000;

    /// <summary>Indexes the next messages; true where there may be more.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken) =>
        !database.IsPostgres && await database.WriteAsync(unit => unit.Messages.IndexAsync(AtOnce), cancellationToken) == AtOnce;

    /// <summary>Indexes everything there is, before a search.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (await RunOnceAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
