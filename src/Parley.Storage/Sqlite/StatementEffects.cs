using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>
/// What a prepared statement reads and writes, triggers included, as SQLite itself says while it compiles the statement. A write of whole rows has
/// an empty column, and so has a read that names none.
/// </summary>
internal sealed class StatementEffects
{
    private readonly HashSet<(string Table, string Column)> reads = [];
    private readonly HashSet<(string Table, string Column)> writes = [];

    public IReadOnlyCollection<(string Table, string Column)> Reads => reads;

    public IReadOnlyCollection<(string Table, string Column)> Writes => writes;

    /// <summary>Whether it does something else than reading and writing rows, so that anything may be different afterwards.</summary>
    public bool IsUnknown { get; private set; }

    public void Add(int action, string? table, string? column)
    {
        switch (action)
        {
            case raw.SQLITE_READ:
                reads.Add((table ?? "", column ?? ""));
                break;
            case raw.SQLITE_UPDATE:
                writes.Add((table ?? "", column ?? ""));
                break;
            case raw.SQLITE_INSERT or raw.SQLITE_DELETE:
                writes.Add((table ?? "", ""));
                break;
            case raw.SQLITE_SELECT or raw.SQLITE_FUNCTION or raw.SQLITE_RECURSIVE or raw.SQLITE_PRAGMA or raw.SQLITE_TRANSACTION or raw.SQLITE_SAVEPOINT:
                break;
            default:
                IsUnknown = true;
                break;
        }
    }

    /// <summary>Whether the statement writes that column: in place, or with its row.</summary>
    public bool Changes((string Table, string Column) place) =>
        IsUnknown || writes.Contains(place) || writes.Contains((place.Table, "")) || (place.Column.Length == 0 && writes.Any(write => write.Table == place.Table));
}
