namespace Parley.Storage;

/// <summary>Which database to open and how. Exactly one of the two addresses is given.</summary>
public sealed record StorageOptions
{
    /// <summary>The SQLite database file; it and its folder are created if missing.</summary>
    public string? SqlitePath { get; init; }

    /// <summary>The Npgsql connection string of a PostgreSQL database.</summary>
    public string? PostgresConnectionString { get; init; }

    /// <summary>Gives up the flush before the answer; what was accepted last may be lost with the machine's power.</summary>
    public bool Relaxed { get; init; }

    /// <summary>Where a backup is kept while it is verified; by default beside the SQLite file, or in the system's temporary folder.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>How many writes may wait before further ones are refused as busy.</summary>
    public int WriteQueueCapacity { get; init; } = 10_000;

    /// <summary>Read-only connections to SQLite.</summary>
    public int SqliteReaders { get; init; } = 4;

    /// <summary>Connections to PostgreSQL at most.</summary>
    public int PostgresConnections { get; init; } = 20;
}
