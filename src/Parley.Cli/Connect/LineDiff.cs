namespace Parley.Cli.Connect;

/// <summary>Shows what changes in a text, line by line, with two lines around it.</summary>
internal static class LineDiff
{
    private const int Around = 2;

    /// <summary>Above that the middle is shown as one block.</summary>
    private const int Most = 2000;

    public static IEnumerable<string> Of(string? before, string? after)
    {
        var (left, right) = (Lines(before), Lines(after));
        var all = Compare(left, right);
        var shown = new bool[all.Count];
        for (var i = 0; i < all.Count; i++)
        {
            for (var j = Math.Max(0, i - Around); all[i].Sign != ' ' && j <= Math.Min(all.Count - 1, i + Around); j++)
            {
                shown[j] = true;
            }
        }

        for (var i = 0; i < all.Count; i++)
        {
            if (shown[i])
            {
                yield return $"{all[i].Sign} {all[i].Text}";
            }
            else if (i > 0 && shown[i - 1] && shown.AsSpan(i).Contains(true))
            {
                yield return "  …";
            }
        }
    }

    private static string[] Lines(string? text) => string.IsNullOrEmpty(text) ? [] : text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();

    private static List<(char Sign, string Text)> Compare(string[] left, string[] right)
    {
        var first = 0;
        while (first < left.Length && first < right.Length && left[first] == right[first])
        {
            first++;
        }

        var last = 0;
        while (last < left.Length - first && last < right.Length - first && left[^(last + 1)] == right[^(last + 1)])
        {
            last++;
        }

        var all = left.Take(first).Select(line => (' ', line)).ToList();
        all.AddRange(Middle(left[first..^last], right[first..^last]));
        all.AddRange(left[^last..].Select(line => (' ', line)));
        return all;
    }

    private static List<(char Sign, string Text)> Middle(string[] left, string[] right)
    {
        if (left.Length > Most || right.Length > Most)
        {
            return [.. left.Select(line => ('-', line)), .. right.Select(line => ('+', line))];
        }

        // The longest run of lines that both have, from the end.
        var common = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<(char Sign, string Text)>();
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            lines.Add(
                i < left.Length && j < right.Length && left[i] == right[j] ? (' ', Next(left, ref i, ref j))
                : j == right.Length || (i < left.Length && common[i + 1, j] >= common[i, j + 1]) ? ('-', left[i++]) : ('+', right[j++]));
        }

        return lines;
    }

    private static string Next(string[] left, ref int i, ref int j)
    {
        j++;
        return left[i++];
    }
}
