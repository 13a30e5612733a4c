namespace Parley.Bench.Systems.Parley;

/// <summary>The database below a Parley server.</summary>
interface IParleyDatabase : IAsyncDisposable
{
    /// <summary>Processes of its own, or none.</summary>
    IReadOnlyList<int> ProcessIds { get; }

    /// <summary>What <c>parley serve</c> needs to be told.</summary>
    string[] ServeOptions { get; }

    /// <summary>
    /// Gives a link more messages a window than a person may: the benchmark measures how fast they go, not how they are limited. The limit itself is
    /// checked and counted as ever.
    /// </summary>
    Task LiftQuotaAsync(Guid link, CancellationToken cancellation);
}
