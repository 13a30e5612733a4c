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
    }

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

    public int Execute(string sql, params object?[] args)
    {
        var statement = Prepare(sql, args);
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

    public T? First<T>(string sql, Func<Row, T> map, object?[] args)
    {
        var statement = Prepare(sql, args);
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
        Execute(sql);
    }

    /// <summary>Ends whatever transaction is open, without effect.</summary>
    public void Rollback()
    {
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

    private SqliteStatement Prepare(string sql, object?[] args)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle, out var rest));
            if (!string.IsNullOrWhiteSpace(rest))
                throw new ArgumentException("Only a script may hold several statements.");
            statement = new SqliteStatement(handle);
            _statements.Add(sql, statement);
        }
        HasWritten |= !statement.IsReadOnly;
        statement.Bind(args);
        return statement;
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
