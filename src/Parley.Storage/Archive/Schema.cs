using Parley.Core;

namespace Parley.Storage.Archive;

/// <summary>The kinds of values that a backup knows. An id is bytes in the file and in SQLite, a uuid in PostgreSQL.</summary>
internal enum ValueKind
{
    Integer,
    Real,
    Text,
    Bytes,
    Id,
}

/// <param name="Name">As in the schema.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Required">Whether a row without it is refused.</param>
/// <param name="Generated">Whether the database numbers the rows by it; the other database may do without.</param>
internal sealed record Column(string Name, ValueKind Kind, bool Required, bool Generated);

/// <param name="Name">As in the schema.</param>
/// <param name="Columns">All that are stored, in the order of the schema.</param>
/// <param name="Key">The columns of the primary key.</param>
/// <param name="Parents">The tables that its foreign keys name.</param>
internal sealed record Table(string Name, IReadOnlyList<Column> Columns, IReadOnlyList<Column> Key, IReadOnlyList<string> Parents);

/// <summary>Reads from the database itself which tables and columns it has, so that no second list can fall behind the migrations.</summary>
internal static class Schema
{
    /// <summary>Every table of Parley, each after those it refers to. Indexes, views and what SQLite's full-text search keeps are not among them.</summary>
    public static async ValueTask<List<Table>> ReadAsync(Session session)
    {
        var names = await session.ListAsync(session.Dialect.IsPostgres ? PostgresTables : SqliteTables, row => row.Text(0));
        var tables = new List<Table>(names.Count);
        foreach (var name in names)
        {
            var columns = await session.ListAsync(session.Dialect.IsPostgres ? PostgresColumns : SqliteColumns, ColumnOf, name);
            var keys = await session.ListAsync(session.Dialect.IsPostgres ? PostgresKey : SqliteKey, row => row.Text(0), name);
            var parents = await session.ListAsync(session.Dialect.IsPostgres ? PostgresParents : SqliteParents, row => row.Text(0), name);
            tables.Add(new Table(name, columns, keys.ConvertAll(key => columns.Single(column => column.Name == key)), parents));
        }

        return InOrder(tables);
    }

    /// <summary>The number of the newest migration.</summary>
    public static async ValueTask<int> NumberAsync(Session session) =>
        await session.FirstAsync("select coalesce(max(number), 0) from schema_migrations", row => row.Int(0));

    private static List<Table> InOrder(List<Table> tables)
    {
        var ordered = new List<Table>(tables.Count);
        while (ordered.Count < tables.Count)
        {
            var next = tables.Find(table => !ordered.Contains(table) && table.Parents.All(parent => parent == table.Name || ordered.Exists(done => done.Name == parent)));
            ordered.Add(next ?? throw new InvalidOperationException("The foreign keys of the schema form a circle."));
        }

        return ordered;
    }

    private static Column ColumnOf(Row row) => new(row.Text(0), KindOf(row.Text(1)), row.Bool(2), row.Bool(3));

    private static ValueKind KindOf(string type) => type.ToLowerInvariant() switch
    {
        "integer" or "bigint" or "smallint" => ValueKind.Integer,
        "real" or "double precision" => ValueKind.Real,
        "text" or "character varying" => ValueKind.Text,
        "blob" or "bytea" => ValueKind.Bytes,
        "uuid" => ValueKind.Id,
        _ => throw new ParleyError(ErrorCode.Internal, $"A column has the type {type}, which backups do not know.", "Report this; it is a fault of Parley."),
    };

    /// <summary>What is no row of Parley's, and what the database itself keeps of the rows of <c>agents</c>.</summary>
    private const string NotOurs = "('schema_migrations', 'parley_probe', 'agent_names')";

    private const string SqliteTables =
        $"""
        select name from sqlite_master t where type = 'table' and name not like 'sqlite\_%' escape '\' and name not in {NotOurs} and sql not like 'create virtual%'
          and not exists (select 1 from sqlite_master v where v.sql like 'create virtual%' and t.name glob v.name || '_*')
        order by name
        """;

    private const string SqliteColumns =
        """
        select name, type, "notnull" = 1 and dflt_value is null,
            pk = 1 and lower(type) = 'integer' and (select count(*) from pragma_table_info($1) where pk > 0) = 1
        from pragma_table_info($1) order by cid
        """;

    private const string SqliteKey = "select name from pragma_table_info($1) where pk > 0 order by pk";

    private const string SqliteParents = """select distinct "table" from pragma_foreign_key_list($1)""";

    private const string PostgresTables =
        $"""
        select table_name::text from information_schema.tables
        where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not in {NotOurs} order by table_name
        """;

    private const string PostgresColumns =
        """
        select column_name::text, data_type::text, (is_nullable = 'NO' and column_default is null)::int::bigint, (is_identity = 'YES')::int::bigint
        from information_schema.columns where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position
        """;

    private const string PostgresKey =
        """
        select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indisprimary and i.indrelid = to_regclass($1) order by array_position(i.indkey::int2[], a.attnum)
        """;

    private const string PostgresParents =
        "select distinct f.relname::text from pg_constraint c join pg_class f on f.oid = c.confrelid where c.contype = 'f' and c.conrelid = to_regclass($1)";
}
