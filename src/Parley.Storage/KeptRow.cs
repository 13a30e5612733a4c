namespace Parley.Storage;

/// <summary>
/// A row that nearly every message changes: an inbox, a conversation's head, a link's credits. A connection that alone writes keeps such rows in memory
/// and saves each once before the commit, or before another statement looks at them.
/// </summary>
/// <param name="table">Its table.</param>
/// <param name="columns">The columns that are kept, separated by commas; null for all of the table.</param>
internal abstract class KeptRow(string table, string? columns)
{
    private readonly string[]? columns = columns?.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>Whether a column of a table is one of those kept; an empty name stands for any column.</summary>
    public bool Holds(string inTable, string column) =>
        table == inTable && (columns is null || column.Length == 0 || columns.Contains(column, StringComparer.OrdinalIgnoreCase));
}

/// <inheritdoc/>
/// <param name="table">Its table.</param>
/// <param name="columns">The columns that are kept; null for all of the table.</param>
/// <param name="load">The query that finds the row by its id <c>$1</c>.</param>
/// <param name="map">Reads the row.</param>
/// <param name="save">The statement that writes the row.</param>
/// <param name="args">The parameters of <paramref name="save"/>.</param>
internal sealed class KeptRow<T>(string table, string? columns, string load, Func<Row, T> map, string save, Func<T, object?[]> args) : KeptRow(table, columns)
    where T : class
{
    public string Load => load;

    public Func<Row, T> Map => map;

    public string Save => save;

    public Func<T, object?[]> Args => args;
}
