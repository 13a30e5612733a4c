using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage;

/// <summary>Connections, transactions and faults of one database. It knows no table but <c>schema_migrations</c>.</summary>
internal interface IEngine : IAsyncDisposable
{
    Dialect Dialect { get; }

    StorageHealth Health { get; }

    /// <summary>Raised on every change of <see cref="Health"/>, on a thread of the engine; handlers must not block.</summary>
    event Action<StorageHealth>? HealthChanged;

    /// <summary>What a commit means now: <c>disk</c>, <c>disk+replica</c> or <c>relaxed</c>.</summary>
    string Durability { get; }

    /// <summary>Looks again whether a commit still means what <see cref="Durability"/> says. Called every second.</summary>
    Task RefreshAsync(CancellationToken ct);

    /// <summary>Where commits go; null where that cannot change without the program's knowledge.</summary>
    Lineage? Lineage { get; }

    /// <summary>Run after every outage, before anybody else may write or read again. It may use the database.</summary>
    Func<CancellationToken, Task> Settle { set; }

    /// <summary>Takes no more writes until <see cref="Settle"/> has succeeded.</summary>
    void Doubt(ParleyError reason);

    /// <summary>How many writes one connection may have in flight and still see them executed in the order of its calls.</summary>
    int PipelineDepth { get; }

    /// <summary>
    /// One transaction, committed and flushed when the task completes. If the task fails nothing was stored, except for
    /// <c>outcome_unknown</c>. The unit may be run again after a deadlock, so it must have no effect but through its session. An urgent one does not wait
    /// behind those that are not.
    /// </summary>
    Task<T> WriteAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct, bool urgent = false);

    /// <summary>Reads in one snapshot.</summary>
    Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct, bool urgent = false);

    /// <summary>Examines files, settings and disk within a few seconds.</summary>
    Task<List<Finding>> InspectAsync(CancellationToken ct);
}
