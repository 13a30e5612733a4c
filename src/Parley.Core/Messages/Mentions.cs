using System.Text.RegularExpressions;

namespace Parley.Core.Messages;

/// <summary>Finds the names that a text mentions with <c>@name</c>.</summary>
public static partial class Mentions
{
    /// <summary>
    /// The names in lower case, each once, in the order of their first mention, at most <see cref="Limits.Mentions"/>. What stands in code,
    /// in a quoted line or in an e-mail address mentions nobody.
    /// </summary>
    public static IReadOnlyList<string> In(string text)
    {
        if (!text.Contains('@', StringComparison.Ordinal))
        {
            return [];
        }

        var names = new List<string>();
        foreach (Match match in Form().Matches(WithoutCodeAndQuotes(text)))
        {
            var name = match.Groups[1].Value.TrimEnd('.', '-').ToLowerInvariant();
            if (name.Length is > 0 and <= Limits.NameLength && !names.Contains(name))
            {
                names.Add(name);
                if (names.Count == Limits.Mentions)
                {
                    break;
                }
            }
        }

        return names;
    }

    private static string WithoutCodeAndQuotes(string text)
    {
        var lines = text.Split('\n');
        string? fence = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].AsSpan().TrimStart();
            if (fence is not null)
            {
                fence = line.StartsWith(fence) ? null : fence;
                lines[i] = "";
            }
            else if (FenceOf(line) is { } opened)
            {
                fence = opened;
                lines[i] = "";
            }
            else if (line.StartsWith(">"))
            {
                lines[i] = "";
            }
        }

        return WithoutInlineCode(string.Join('\n', lines));
    }

    /// <summary>The run of three or more backticks or tildes that opens a block of code, or null; backticks that close again on the line are inline code.</summary>
    private static string? FenceOf(ReadOnlySpan<char> line)
    {
        if (line is not (['`', '`', '`', ..] or ['~', '~', '~', ..]))
        {
            return null;
        }

        var length = line.IndexOfAnyExcept(line[0]);
        var run = length < 0 ? line : line[..length];
        return line[0] == '`' && line[run.Length..].Contains('`') ? null : run.ToString();
    }

    /// <summary>Blanks what stands between two runs of the same number of backticks, as CommonMark reads code spans.</summary>
    private static string WithoutInlineCode(string text)
    {
        var runs = Backticks().Matches(text);
        if (runs.Count < 2)
        {
            return text;
        }

        var nextOfLength = new Dictionary<int, int>();
        var closing = new int[runs.Count];
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            closing[i] = nextOfLength.GetValueOrDefault(runs[i].Length, -1);
            nextOfLength[runs[i].Length] = i;
        }

        var result = text.ToCharArray();
        for (var i = 0; i < runs.Count; i++)
        {
            if (closing[i] is >= 0 and var end)
            {
                var start = runs[i].Index;
                result.AsSpan(start, runs[end].Index + runs[end].Length - start).Fill(' ');
                i = end;
            }
        }

        return new string(result);
    }

    [GeneratedRegex(@"(?<![\w.@+\-/])@((?>[a-z0-9][a-z0-9_.\-]*))(?![\w@])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("`+", RegexOptions.CultureInvariant)]
    private static partial Regex Backticks();
}
