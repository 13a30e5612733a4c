namespace Parley.Storage;

/// <summary>What the database can do at the moment.</summary>
public enum StorageState
{
    /// <summary>Reads and writes.</summary>
    Ready,

    /// <summary>The disk is full: reads go on, writes are refused and resume by themselves.</summary>
    Full,

    /// <summary>A write, flush or connection failed: writes are refused until the database was reopened and checked.</summary>
    Faulted,
}

/// <summary>The state of the database, since when, and why if it is not ready.</summary>
public sealed record StorageHealth(StorageState State, string? Reason, DateTimeOffset Since);
