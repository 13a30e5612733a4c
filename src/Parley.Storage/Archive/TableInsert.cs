using System.Globalization;

namespace Parley.Storage.Archive;

/// <summary>Inserts the rows of one table of a backup: one by one into SQLite, in blocks of arrays into PostgreSQL.</summary>
internal sealed class TableInsert
{
    private const int BlockRows = 1_000;
    private const int BlockCharacters = 4_000_000;

    private readonly Session session;
    private readonly Table table;
    private readonly (Column Column, int Index)[] columns;
    private readonly List<object?[]> block = [];
    private readonly string sql;
    private int characters;

    public TableInsert(Session session, Table table, Table saved)
    {
        (this.session, this.table) = (session, table);
        columns = Match(table, saved);
        var names = string.Join(", ", columns.Select(column => $"\"{column.Column.Name}\""));
        var values = columns.Select((column, i) => string.Create(CultureInfo.InvariantCulture, $"${i + 1}{(session.Dialect.IsPostgres ? ArrayOf(column.Column.Kind) : "")}"));
        sql = session.Dialect.IsPostgres
            ? $"insert into \"{table.Name}\" ({names}) overriding system value select * from unnest({string.Join(", ", values)})"
            : $"insert into \"{table.Name}\" ({names}) values ({string.Join(", ", values)})";
    }

    public ValueTask AddAsync(object?[] row)
    {
        var values = new object?[columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row[columns[i].Index];
            characters += (values[i] as string)?.Length ?? 0;
        }

        if (!session.Dialect.IsPostgres)
        {
            session.Queue(sql, values);
            return ValueTask.CompletedTask;
        }

        block.Add(values);
        return block.Count < BlockRows && characters < BlockCharacters ? ValueTask.CompletedTask : SendAsync();
    }

    /// <summary>Sends what is left and lets the database number further rows behind these.</summary>
    public async ValueTask EndAsync()
    {
        if (!session.Dialect.IsPostgres)
        {
            return;
        }

        if (block.Count > 0)
        {
            await SendAsync();
        }

        foreach (var column in table.Columns.Where(column => column.Generated))
        {
            await session.FirstAsync(
                $"select setval(pg_get_serial_sequence($1, $2), coalesce(max(\"{column.Name}\"), 1), max(\"{column.Name}\") is not null) from \"{table.Name}\"",
                row => row.Long(0), table.Name, column.Name);
        }
    }

    private static (Column, int)[] Match(Table table, Table saved)
    {
        var matched = new List<(Column, int)>();
        for (var i = 0; i < saved.Columns.Count; i++)
        {
            var name = saved.Columns[i].Name;
            if (table.Columns.FirstOrDefault(column => column.Name == name) is { } column)
            {
                matched.Add((column, i));
            }
            else if (!saved.Columns[i].Generated)
            {
                throw BackupFile.Impossible($"The backup has a column '{table.Name}.{name}' that this database has not.", "Restore it with the version of Parley that wrote it.");
            }
        }

        var missing = table.Columns.FirstOrDefault(column => column is { Required: true, Generated: false } && saved.Columns.All(other => other.Name != column.Name));
        return missing is null
            ? [.. matched]
            : throw BackupFile.Impossible($"The backup is too old: it knows nothing of '{table.Name}.{missing.Name}'.", "Restore it with the version of Parley that wrote it, then upgrade.");
    }

    private async ValueTask SendAsync()
    {
        await session.ExecuteAsync(sql, [.. columns.Select((column, i) => Block(column.Column.Kind, i))]);
        block.Clear();
        characters = 0;
    }

    private Array Block(ValueKind kind, int i) => kind switch
    {
        ValueKind.Integer => Of(i, value => (long?)value),
        ValueKind.Real => Of(i, value => (double?)value),
        ValueKind.Text => Of(i, value => (string?)value),
        ValueKind.Bytes => Of(i, value => (byte[]?)value),
        _ => Of(i, value => value is null ? null : (Guid?)new Guid((byte[])value, bigEndian: true)),
    };

    private T[] Of<T>(int i, Func<object?, T> value) => block.ConvertAll(row => value(row[i])).ToArray();

    private static string ArrayOf(ValueKind kind) => kind switch
    {
        ValueKind.Integer => "::bigint[]",
        ValueKind.Real => "::double precision[]",
        ValueKind.Text => "::text[]",
        ValueKind.Bytes => "::bytea[]",
        _ => "::uuid[]",
    };
}
