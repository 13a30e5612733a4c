namespace Parley.Cli.Connect;

/// <summary>Puts one table into a TOML text and takes it out again; every other character stays.</summary>
internal static class TomlEdit
{
    /// <summary>Adds the table at the end, or gives its keys these values where it is there.</summary>
    public static string Set(string text, IReadOnlyList<string> table, IReadOnlyList<(string Key, string Value)> values)
    {
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var there = TomlText.Read(text);
        if (there.Find(line => line.IsTable && line.Is(table)) is not { } header)
        {
            RequireFree(there, table);
            var gap = text.Length == 0 ? "" : text.EndsWith('\n') ? newLine : newLine + newLine;
            return $"{text}{gap}[{string.Join('.', table)}]{newLine}{string.Concat(values.Select(value => $"{value.Key} = {value.Value}{newLine}"))}";
        }

        foreach (var (key, value) in values)
        {
            // Each change moves what follows, so each begins anew.
            there = TomlText.Read(text);
            var at = there.FindIndex(line => line.IsTable && line.Is(table));
            var own = there.Skip(at + 1).TakeWhile(line => !line.IsTable).FirstOrDefault(line => line.Is([key]));
            text = own is null
                ? text.Insert(there[at].End, $"{newLine}{key} = {value}")
                : text[own.ValueStart..own.End] == value ? text : text[..own.ValueStart] + value + text[own.End..];
        }

        return text;
    }

    /// <summary>The value of a key of the table, as it is written; null where it is not there.</summary>
    public static string? Find(string text, IReadOnlyList<string> table, string key)
    {
        var there = TomlText.Read(text);
        var at = there.FindIndex(line => line.IsTable && line.Is(table));
        return at < 0 ? null : there.Skip(at + 1).TakeWhile(line => !line.IsTable).FirstOrDefault(line => line.Is([key])) is { } own ? text[own.ValueStart..own.End] : null;
    }

    public static bool Has(string text, IReadOnlyList<string> table) => TomlText.Read(text).Exists(line => line.IsTable && line.Is(table));

    /// <summary>Takes the table and the tables below it away.</summary>
    public static string Remove(string text, IReadOnlyList<string> table)
    {
        while (true)
        {
            var there = TomlText.Read(text);
            var at = there.FindIndex(line => line.IsTable && line.IsWithin(table));
            if (at < 0)
            {
                return text;
            }

            var last = there.Skip(at + 1).TakeWhile(line => !line.IsTable).LastOrDefault() ?? there[at];
            var end = text.IndexOf('\n', last.End);
            end = end < 0 ? text.Length : end + 1;
            text = text[..StartWithGap(text, there[at].Start, end)] + text[end..];
        }
    }

    /// <summary>The empty line before goes with it, where nothing follows or another one stands behind.</summary>
    private static int StartWithGap(string text, int start, int end)
    {
        var before = text[..start];
        var gap = before.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? 2 : before.EndsWith("\n\n", StringComparison.Ordinal) ? 1 : 0;
        return end == text.Length || text[end] is '\n' or '\r' ? start - gap : start;
    }

    private static void RequireFree(List<TomlLine> there, IReadOnlyList<string> table)
    {
        var above = Array.Empty<string>() as IReadOnlyList<string>;
        foreach (var line in there)
        {
            above = line.IsTable ? line.Path : above;
            var full = line.IsTable ? line.Path : [.. above, .. line.Path];
            if ((line.IsTable ? line.IsList : true) && full.Count <= table.Count && full.SequenceEqual(table.Take(full.Count)) || (!line.IsTable && full.Take(table.Count).SequenceEqual(table)))
            {
                throw new FormatException($"'{string.Join('.', full)}' is written in another form.");
            }
        }
    }
}
