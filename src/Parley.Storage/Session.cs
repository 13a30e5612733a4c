using Parley.Storage.Sqlite;

namespace Parley.Storage;

/// <summary>
/// One connection inside one transaction, or inside one read snapshot. SQL is written once for both databases with the parameters
/// <c>$1, $2 …</c>; a parameter is null, a string, Guid, long, int, bool (stored as 0 or 1), double, byte[] or DateTimeOffset (stored as
/// UTC microseconds), and in SQL for PostgreSQL alone also arrays of these. A session ends with the unit of work it was given to.
/// </summary>
internal abstract class Session
{
    public abstract Dialect Dialect { get; }

    /// <summary>The first row, or <c>default</c> when there is none.</summary>
    public abstract ValueTask<T?> FirstAsync<T>(string sql, Func<Row, T> map, params object?[] args);

    /// <summary>
    /// As <see cref="FirstAsync"/>, for a literal query of what hardly ever changes: SQLite's writer answers it from memory while nothing that it was
    /// read from has changed.
    /// </summary>
    public virtual ValueTask<T?> RecallAsync<T>(string sql, Func<Row, T> map, params object?[] args) => FirstAsync(sql, map, args);

    /// <summary>The rows that SQLite's writer keeps in memory; null where a statement has to read and write them each time.</summary>
    public virtual RowKeeper? Keeper => null;

    public abstract ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> map, params object?[] args);

    /// <summary>Runs a statement and gives the number of rows it changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(string sql, params object?[] args);

    /// <summary>
    /// A statement whose result nobody needs. SQLite runs it at once; PostgreSQL sends it in order before the next read or execute, or together
    /// with the commit, so its failure may show only there. It must not return rows.
    /// </summary>
    public abstract void Queue(string sql, params object?[] args);

    /// <summary>
    /// A first row that is needed only after the next statement that is waited for, or after the commit: PostgreSQL sends it in order with that
    /// statement, SQLite reads it at once.
    /// </summary>
    public abstract Later<T> Ahead<T>(string sql, Func<Row, T> map, params object?[] args);

    /// <summary>Runs several statements without parameters, as a migration does.</summary>
    public abstract ValueTask ScriptAsync(string sql);
}
