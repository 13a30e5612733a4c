namespace Parley.Bench.Systems.Parley;

/// <summary>A database that several servers use; whoever started it stops it.</summary>
sealed class SharedDatabase(IParleyDatabase database) : IParleyDatabase
{
    public IReadOnlyList<int> ProcessIds => [];

    public string[] ServeOptions => database.ServeOptions;

    public Task LiftQuotaAsync(Guid link, CancellationToken cancellation) => database.LiftQuotaAsync(link, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
