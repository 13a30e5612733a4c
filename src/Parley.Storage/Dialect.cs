namespace Parley.Storage;

/// <summary>The few places in which the SQL of the two databases differs, as text to put into a statement.</summary>
internal sealed class Dialect
{
    public static readonly Dialect Sqlite = new(isPostgres: false);
    public static readonly Dialect Postgres = new(isPostgres: true);

    private Dialect(bool isPostgres) => IsPostgres = isPostgres;

    public bool IsPostgres { get; }

    public string Name => IsPostgres ? "postgres" : "sqlite";

    /// <summary>Locks the selected rows until the commit. SQLite has one writer, so nothing is needed there.</summary>
    public string ForUpdate => IsPostgres ? " for update" : "";

    /// <summary>Locks the selected rows and passes over those another transaction holds.</summary>
    public string ForUpdateSkipLocked => IsPostgres ? " for update skip locked" : "";

    /// <summary>
    /// For writes of many rows whose failure ends their unit: SQLite then needs no copy of every page they change, with which it could undo
    /// the statement alone. That is a sixth of the writer's time where a message goes to a thousand.
    /// </summary>
    public string OrFail => IsPostgres ? "" : " or fail";

    /// <summary>The database's own clock in UTC microseconds, by which leases are judged.</summary>
    public string Now => IsPostgres
        ? "(extract(epoch from clock_timestamp()) * 1000000)::bigint"
        : "cast(round((julianday('now') - 2440587.5) * 86400000000.0) as integer)";

    /// <summary>The greater of two values, as a function name.</summary>
    public string Greatest => IsPostgres ? "greatest" : "max";

    /// <summary>The smaller of two values, as a function name.</summary>
    public string Least => IsPostgres ? "least" : "min";
}
