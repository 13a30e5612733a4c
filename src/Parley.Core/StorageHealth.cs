namespace Parley.Core;

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

/// <summary>The state of the database.</summary>
/// <param name="State">What it can do.</param>
/// <param name="Reason">Why it is not ready, or null.</param>
/// <param name="Since">Since when.</param>
public sealed record StorageHealth(StorageState State, string? Reason, DateTimeOffset Since);
