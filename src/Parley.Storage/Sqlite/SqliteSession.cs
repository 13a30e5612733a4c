namespace Parley.Storage.Sqlite;

/// <summary>A unit's view of a connection; every call completes at once.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : Session
{
    private bool _ended;

    public override Dialect Dialect => Dialect.Sqlite;

    public override RowKeeper? Keeper => Open().Keeper;

    public override ValueTask<T?> RecallAsync<T>(string sql, Func<Row, T> map, params object?[] args)
        where T : default => Open().Keeper is { } keeper ? new(keeper.Recall(sql, map, args)) : FirstAsync(sql, map, args);

    public override ValueTask<T?> FirstAsync<T>(string sql, Func<Row, T> map, params object?[] args)
        where T : default => new(Open().First(sql, map, args));

    public override ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> map, params object?[] args) => new(Open().List(sql, map, args));

    public override ValueTask<int> ExecuteAsync(string sql, params object?[] args) => new(Open().Execute(sql, args));

    public override void Queue(string sql, params object?[] args) => Open().Execute(sql, args);

    public override Later<T> Ahead<T>(string sql, Func<Row, T> map, params object?[] args)
    {
        var row = new Later<T>(map);
        row.Set(Open().First(sql, map, args));
        return row;
    }

    public override ValueTask ScriptAsync(string sql)
    {
        Open().Script(sql);
        return ValueTask.CompletedTask;
    }

    /// <summary>Refuses what a unit does after its end, when the connection works for others.</summary>
    public void End() => _ended = true;

    private SqliteConnection Open() =>
        _ended ? throw new InvalidOperationException("The unit of work has ended; a write to SQLite must not wait for anything else.") : connection;
}
