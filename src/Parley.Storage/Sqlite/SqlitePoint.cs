namespace Parley.Storage.Sqlite;

/// <summary>The places where a test may let the storage fail.</summary>
internal enum SqlitePoint
{
    BeforeUnit,
    BeforeCommit,
    BeforeCheckpoint,
    BeforeProbe,
    BeforeReopen,
}
