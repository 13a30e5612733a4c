namespace Parley.Cli.Connect;

/// <summary>A table's heading or a key with its value. Places are in characters, without the comment behind.</summary>
/// <param name="Path">The names between the dots.</param>
/// <param name="IsTable">True for a heading.</param>
/// <param name="IsList">True for a heading in double brackets.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="ValueStart">Where a key's value begins.</param>
/// <param name="End">Behind its last character.</param>
internal sealed record TomlLine(IReadOnlyList<string> Path, bool IsTable, bool IsList, int Start, int ValueStart, int End)
{
    public bool Is(IReadOnlyList<string> path) => !IsList && Path.SequenceEqual(path);

    public bool IsWithin(IReadOnlyList<string> path) => Path.Count >= path.Count && Path.Take(path.Count).SequenceEqual(path);
}

/// <summary>Finds the headings and keys of a TOML text. It reads no values; it finds where they end.</summary>
internal static class TomlText
{
    /// <summary>Throws <see cref="FormatException"/> where the text cannot be followed.</summary>
    public static List<TomlLine> Read(string text)
    {
        var lines = new List<TomlLine>();
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        while ((at = SkipBetween(text, at)) < text.Length)
        {
            lines.Add(text[at] == '[' ? Heading(text, ref at) : Key(text, ref at));
        }

        return lines;
    }

    private static TomlLine Heading(string text, ref int at)
    {
        var start = at;
        var isList = text.AsSpan(at).StartsWith("[[");
        at += isList ? 2 : 1;
        var path = Names(text, ref at, ']');
        at += isList ? 2 : 1;
        return at <= text.Length && text[at - 1] == ']' ? new TomlLine(path, IsTable: true, isList, start, at, at) : throw Unclear(text, start);
    }

    private static TomlLine Key(string text, ref int at)
    {
        var start = at;
        var path = Names(text, ref at, '=');
        at = SkipBlanks(text, at + 1);
        var value = at;
        at = EndOfValue(text, at);
        return at > value ? new TomlLine(path, IsTable: false, IsList: false, start, value, at) : throw Unclear(text, start);
    }

    /// <summary>Names with dots between them, up to a sign.</summary>
    private static List<string> Names(string text, ref int at, char end)
    {
        var (start, names) = (at, new List<string>());
        while (true)
        {
            at = SkipBlanks(text, at);
            var from = at;
            if (at < text.Length && text[at] is '"' or '\'')
            {
                at = EndOfString(text, at);
                names.Add(text[(from + 1)..(at - 1)]);
            }
            else
            {
                while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-'))
                {
                    at++;
                }

                names.Add(at > from ? text[from..at] : throw Unclear(text, start));
            }

            at = SkipBlanks(text, at);
            if (at >= text.Length || (text[at] != '.' && text[at] != end))
            {
                throw Unclear(text, start);
            }

            if (text[at] == end)
            {
                return names;
            }

            at++;
        }
    }

    private static int EndOfValue(string text, int at)
    {
        var depth = 0;
        var end = at;
        while (at < text.Length && (depth > 0 || text[at] is not ('\n' or '#')))
        {
            switch (text[at])
            {
                case '"' or '\'':
                    end = at = EndOfString(text, at);
                    continue;
                case '#':
                    at = EndOfLine(text, at);
                    continue;
                case '[' or '{':
                    depth++;
                    break;
                case ']' or '}':
                    depth--;
                    break;
            }

            at++;
            end = char.IsWhiteSpace(text[at - 1]) ? end : at;
        }

        return depth == 0 ? end : throw Unclear(text, end);
    }

    private static int EndOfString(string text, int at)
    {
        var (start, sign) = (at, text[at]);
        var isLong = text.AsSpan(at).StartsWith(new string(sign, 3));
        for (at += isLong ? 3 : 1; at < text.Length; at++)
        {
            if (text[at] == '\\' && sign == '"')
            {
                at++;
            }
            else if (isLong && text.AsSpan(at).StartsWith(new string(sign, 3)))
            {
                // Up to two quotes may stand before the closing three.
                at += 3;
                while (at < text.Length && text[at] == sign)
                {
                    at++;
                }

                return at;
            }
            else if (!isLong && text[at] == sign)
            {
                return at + 1;
            }
            else if (!isLong && text[at] == '\n')
            {
                break;
            }
        }

        throw Unclear(text, start);
    }

    private static int SkipBetween(string text, int at)
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == '#'))
        {
            at = text[at] == '#' ? EndOfLine(text, at) : at + 1;
        }

        return at;
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

    private static FormatException Unclear(string text, int at) => new($"Line {text.AsSpan(0, Math.Min(at, text.Length)).Count('\n') + 1} cannot be read.");
}
