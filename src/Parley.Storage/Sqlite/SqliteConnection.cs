using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>
/// One open database file and its prepared statements, over the native calls: half the time and a tenth of the allocations of ADO.NET
/// for the short statements of Parley. Used by one thread at a time.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int MostStatements = 500;
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StatementText.Comparer);
    private StatementEffects? _compiled;
    private bool _schemaMayDiffer;
    private bool _committed;
    private long _dataVersion;

    public SqliteConnection(string path, bool readOnly)
    {
        NativeSqlite.EnsureLoaded();
        var flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE) | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out _handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            _handle.Dispose();
            throw new SqliteException(code, $"{path} cannot be opened");
        }
        raw.sqlite3_extended_result_codes(_handle, 1);
        if (readOnly)
            return;
        Keeper = new RowKeeper(this);
        raw.sqlite3_set_authorizer(_handle, NoteEffect, null);
    }

    /// <summary>What a connection that writes keeps in memory; null for one that only reads.</summary>
    public RowKeeper? Keeper { get; }

    /// <summary>The failure that ended the running transaction, even if the unit of work swallowed it.</summary>
    public SqliteException? TransactionFault { get; private set; }

    /// <summary>Whether a statement that may write was run since this was last set to false.</summary>
    public bool HasWritten { get; set; }

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Pages written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    public int Execute(string sql, params object?[] args) => Execute(Prepare(sql, args));

    /// <summary>Runs a statement of the keeper's own. If it fails, rows of other units are lost with it, so the whole transaction is.</summary>
    public void ExecuteUnseen(string sql, object?[] args)
    {
        try
        {
            Execute(PrepareUnseen(sql, args));
        }
        catch (ConstraintException failure)
        {
            TransactionFault = (SqliteException)failure.InnerException!;
            throw;
        }
    }

    public T? First<T>(string sql, Func<Row, T> map, object?[] args) => First(Prepare(sql, args), map);

    /// <summary>Runs a query of the keeper's own.</summary>
    public T? FirstUnseen<T>(string sql, Func<Row, T> map, object?[] args) => First(PrepareUnseen(sql, args), map);

    /// <summary>Also tells what the query reads, and what it writes if it does.</summary>
    public (T? Result, StatementEffects Effects) FirstWithEffects<T>(string sql, Func<Row, T> map, object?[] args)
    {
        var statement = Prepare(sql, args);
        return (First(statement, map), statement.Effects!);
    }

    private int Execute(SqliteStatement statement)
    {
        try
        {
            while (Step(statement)) { }
            return statement.IsReadOnly ? 0 : raw.sqlite3_changes(_handle);
        }
        finally
        {
            raw.sqlite3_reset(statement.Handle);
        }
    }

    private T? First<T>(SqliteStatement statement, Func<Row, T> map)
    {
        try
        {
            if (!Step(statement))
                return default;
            var result = map(new Row(statement.Handle));
            // A writing statement has to run to its end.
            while (!statement.IsReadOnly && Step(statement)) { }
            return result;
        }
        finally
        {
            raw.sqlite3_reset(statement.Handle);
        }
    }

    public List<T> List<T>(string sql, Func<Row, T> map, object?[] args)
    {
        var statement = Prepare(sql, args);
        try
        {
            var rows = new List<T>();
            while (Step(statement))
                rows.Add(map(new Row(statement.Handle)));
            return rows;
        }
        finally
        {
            raw.sqlite3_reset(statement.Handle);
        }
    }

    /// <summary>Runs several statements without parameters.</summary>
    public void Script(string sql)
    {
        HasWritten = true;
        _schemaMayDiffer = true;
        Keeper?.Save();
        Keeper?.Forget();
        while (!string.IsNullOrWhiteSpace(sql))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement, out sql));
            using (statement)
            {
                int code;
                do
                    code = raw.sqlite3_step(statement);
                while (code == raw.SQLITE_ROW);
                if (code != raw.SQLITE_DONE)
                    throw Failure(code);
            }
        }
    }

    /// <summary>Starts a transaction, and forgets the statements if there are too many.</summary>
    public void Begin(string sql)
    {
        TransactionFault = null;
        if (_statements.Count > MostStatements)
            DropStatements();
        if (!_committed)
            Keeper?.Forget();
        _committed = false;
        Execute(sql);
        if (Keeper is not null)
            NoticeOthers();
    }

    public void Commit()
    {
        Execute("commit");
        _committed = true;
        Keeper?.Trim();
    }

    /// <summary>Begins what can be undone alone.</summary>
    public void BeginUnit()
    {
        Keeper?.Save();
        Execute("savepoint unit");
    }

    /// <summary>Ends what can be undone alone, and undoes it if it failed.</summary>
    public void EndUnit(bool failed)
    {
        if (failed)
        {
            Keeper?.Forget();
            Execute("rollback to unit");
        }
        Execute("release unit");
    }

    /// <summary>Ends whatever transaction is open, without effect.</summary>
    public void Rollback()
    {
        Keeper?.Forget();
        if (InTransaction)
            Execute("rollback");
    }

    /// <summary>Ends what runs on another thread with SQLITE_INTERRUPT.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    public void Dispose()
    {
        DropStatements();
        _handle.Dispose();
    }

    private void DropStatements()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    /// <summary>Another process may have written since the last transaction, as a person's sqlite3 does; none can until this one ends.</summary>
    private void NoticeOthers()
    {
        var version = First("pragma data_version", static row => row.Long(0), []);
        if (version == _dataVersion)
            return;
        _dataVersion = version;
        _schemaMayDiffer = true;
        Keeper!.Forget();
    }

    private SqliteStatement Prepare(string sql, object?[] args)
    {
        var statement = PrepareUnseen(sql, args);
        Keeper?.Before(statement);
        return statement;
    }

    private SqliteStatement PrepareUnseen(string sql, object?[] args)
    {
        if (_schemaMayDiffer)
            DropStatements();
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = Compile(sql);
            _statements.Add(sql, statement);
        }
        HasWritten |= !statement.IsReadOnly;
        _schemaMayDiffer = statement.Effects is { IsUnknown: true };
        statement.Bind(args);
        return statement;
    }

    private SqliteStatement Compile(string sql)
    {
        _compiled = Keeper is null ? null : new StatementEffects();
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
            throw new ArgumentException("Only a script may hold several statements.");
        var statement = new SqliteStatement(handle, _compiled);
        _compiled = null;
        return statement;
    }

    /// <summary>Called by SQLite while it compiles a statement, for each table and column that it touches.</summary>
    private int NoteEffect(object user, int action, string table, string column, string database, string trigger)
    {
        _compiled?.Add(action, table, column);
        return raw.SQLITE_OK;
    }

    private bool Step(SqliteStatement statement)
    {
        var code = raw.sqlite3_step(statement.Handle);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw Failure(code),
        };
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    private Exception Failure(int code)
    {
        var failure = new SqliteException(code, raw.sqlite3_errmsg(_handle).utf8_to_string());
        if (failure.EndsTransaction)
            TransactionFault = failure;
        return failure.Translate();
    }
}
