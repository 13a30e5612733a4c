namespace Parley.Storage.Sqlite;

/// <summary>
/// What the writer knows of the database without asking it. Nobody else writes the file while its transaction runs, every statement says beforehand
/// what it reads and writes, and whatever ends other than by a commit is forgotten: so what is known here is what the database holds.
/// </summary>
internal sealed class RowKeeper(SqliteConnection connection)
{
    private const int Most = 4_096;
    private readonly Dictionary<KeptRow, KeptTable> tables = [];
    private readonly Dictionary<Question, object?> answers = [];
    private readonly HashSet<(string Table, string Column)> answeredFrom = [];

    /// <summary>Counts up whenever the effect of statements has to be judged anew.</summary>
    private int version = 1;

    /// <summary>The row of an id, or null where there is none.</summary>
    public T? Find<T>(KeptRow<T> kind, Guid id)
        where T : class => RowOf(kind, id).Value;

    /// <summary>Changes the row of an id, or adds it.</summary>
    public void Set<T>(KeptRow<T> kind, Guid id, T value)
        where T : class
    {
        connection.HasWritten = true;
        var row = RowOf(kind, id);
        row.Value = value;
        if (!row.IsChanged)
        {
            row.IsChanged = true;
            TableOf(kind).Changed.Add(row);
        }
    }

    /// <summary>The first row of a query, from memory while nothing that it was read from has changed.</summary>
    public T? Recall<T>(string sql, Func<Row, T> map, object?[] args)
    {
        var question = new Question(sql, args);
        if (answers.TryGetValue(question, out var known))
            return (T?)known;
        var (answer, effects) = connection.FirstWithEffects(sql, map, args);
        // Kept rows change without a statement.
        if (effects is { IsUnknown: false, Writes.Count: 0 } && !tables.Keys.Any(kind => IsMet(effects, kind)))
        {
            var before = answeredFrom.Count;
            answeredFrom.UnionWith(effects.Reads);
            version += answeredFrom.Count - before;
            answers[question] = answer;
        }
        return answer;
    }

    /// <summary>Runs before a statement does: it finds the rows it looks at as they are, and what it changes is not known any more.</summary>
    public void Before(SqliteStatement statement)
    {
        if (statement.JudgedAt != version)
            Judge(statement);
        if (!statement.Meets)
            return;
        foreach (var (kind, table) in tables)
        {
            if (table.Changed.Count > 0 && IsMet(statement.Effects!, kind))
                Save(table);
            if (IsChanged(statement.Effects!, kind))
                table.Rows.Clear();
        }
        if (statement.Spoils)
            answers.Clear();
    }

    /// <summary>Writes what was changed in memory alone.</summary>
    public void Save()
    {
        foreach (var table in tables.Values)
            Save(table);
    }

    /// <summary>Forgets everything, what was not saved included.</summary>
    public void Forget()
    {
        foreach (var table in tables.Values)
        {
            table.Rows.Clear();
            table.Changed.Clear();
        }
        answers.Clear();
    }

    /// <summary>Forgets what grew too large; only after everything was saved.</summary>
    public void Trim()
    {
        foreach (var table in tables.Values)
        {
            if (table.Rows.Count > Most)
                table.Rows.Clear();
        }
        if (answers.Count > Most)
            answers.Clear();
    }

    private static bool IsMet(StatementEffects effects, KeptRow kind) =>
        IsChanged(effects, kind) || effects.Reads.Any(read => kind.Holds(read.Table, read.Column));

    private static bool IsChanged(StatementEffects effects, KeptRow kind) =>
        effects.IsUnknown || effects.Writes.Any(write => kind.Holds(write.Table, write.Column));

    private void Judge(SqliteStatement statement)
    {
        var effects = statement.Effects!;
        statement.JudgedAt = version;
        statement.Spoils = answeredFrom.Any(effects.Changes);
        statement.Meets = statement.Spoils || tables.Keys.Any(kind => IsMet(effects, kind));
    }

    private KeptTable TableOf(KeptRow kind)
    {
        if (!tables.TryGetValue(kind, out var table))
        {
            tables.Add(kind, table = new KeptTable());
            answers.Clear();
            version++;
        }
        return table;
    }

    private Kept<T> RowOf<T>(KeptRow<T> kind, Guid id)
        where T : class
    {
        var table = TableOf(kind);
        if (table.Rows.TryGetValue(id, out var found))
            return (Kept<T>)found;
        // The row itself has not been changed here, or it would be known.
        var row = new Kept<T>(kind) { Value = connection.FirstUnseen(kind.Load, kind.Map, [id]) };
        table.Rows.Add(id, row);
        return row;
    }

    private void Save(KeptTable table)
    {
        var hasWritten = connection.HasWritten;
        foreach (var row in table.Changed)
        {
            row.Save(connection);
            row.IsChanged = false;
        }
        table.Changed.Clear();
        // These are earlier units' rows: the unit that runs has written no more than before.
        connection.HasWritten = hasWritten;
    }

    private sealed class KeptTable
    {
        public Dictionary<Guid, Kept> Rows { get; } = [];

        public List<Kept> Changed { get; } = [];
    }

    private abstract class Kept
    {
        public bool IsChanged { get; set; }

        public abstract void Save(SqliteConnection connection);
    }

    private sealed class Kept<T>(KeptRow<T> kind) : Kept
        where T : class
    {
        public T? Value { get; set; }

        public override void Save(SqliteConnection connection) => connection.ExecuteUnseen(kind.Save, kind.Args(Value!));
    }

    /// <summary>A query and its parameters.</summary>
    private readonly struct Question(string sql, object?[] args) : IEquatable<Question>
    {
        private readonly string sql = sql;
        private readonly object?[] args = args;

        public bool Equals(Question other) => ReferenceEquals(sql, other.sql) && args.AsSpan().SequenceEqual(other.args);

        public override bool Equals(object? obj) => obj is Question other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var arg in args)
                hash.Add(arg);
            return hash.ToHashCode();
        }
    }
}
