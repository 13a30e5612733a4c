using System.Text;

namespace Parley.Core.Channels;

/// <summary>
/// Tells whether two patterns share any possible path. <c>?</c> is one character and <c>*</c> any number of them within a segment; <c>**</c> as a
/// whole segment is any number of segments, none included. Case counts. Pure; the time is bounded by the product of the two lengths.
/// </summary>
public sealed class PathPattern
{
    private const int One = -1;
    private const int Many = -2;

    private readonly int[]?[] segments;

    private PathPattern(string text)
    {
        Text = text;
        segments = [.. text.Split('/').Select(segment => segment == "**" ? null : Compile(segment))];
    }

    /// <summary>The pattern in its normal form: no <c>./</c>, no doubled slashes, a folder's trailing slash as <c>/**</c>.</summary>
    public string Text { get; }

    /// <summary>
    /// Reads a pattern. Throws <c>invalid_request</c> for one that is empty, over 300 characters, absolute, leaves the project by <c>..</c>, or has
    /// backslashes or control characters.
    /// </summary>
    public static PathPattern Parse(string? text) => new(PathForm.Normalize(text));

    /// <summary>Whether any path matches both patterns.</summary>
    public bool Overlaps(PathPattern other)
    {
        var (mine, theirs) = (segments, other.segments);
        var row = new bool[theirs.Length + 1];
        row[0] = true;
        for (var i = 0; i <= mine.Length; i++)
        {
            var next = new bool[theirs.Length + 1];
            for (var j = 0; j <= theirs.Length; j++)
            {
                if (row[j])
                {
                    Step(mine, i, theirs, j, row, next);
                }
            }

            if (i < mine.Length)
            {
                row = next;
            }
        }

        return row[theirs.Length];
    }

    /// <summary>From "the first i of mine and the first j of theirs can spell the same path" to the places that follow from it.</summary>
    private static void Step(int[]?[] mine, int i, int[]?[] theirs, int j, bool[] row, bool[] next)
    {
        var (hasMine, hasTheirs) = (i < mine.Length, j < theirs.Length);
        var freeMine = hasMine && mine[i] is null;
        var freeTheirs = hasTheirs && theirs[j] is null;
        next[j] |= freeMine || (hasMine && freeTheirs);
        if (hasTheirs)
        {
            row[j + 1] |= freeTheirs || freeMine;
            next[j + 1] |= hasMine && !freeMine && !freeTheirs && SegmentsOverlap(mine[i]!, theirs[j]!);
        }
    }

    private static bool SegmentsOverlap(int[] mine, int[] theirs)
    {
        var row = new bool[theirs.Length + 1];
        row[0] = true;
        for (var i = 0; i <= mine.Length; i++)
        {
            var next = new bool[theirs.Length + 1];
            for (var j = 0; j <= theirs.Length; j++)
            {
                if (!row[j])
                {
                    continue;
                }

                var a = i < mine.Length ? mine[i] : (int?)null;
                var b = j < theirs.Length ? theirs[j] : (int?)null;
                next[j] |= a is Many || (a is not null && b is Many);
                if (b is not null)
                {
                    row[j + 1] |= b is Many || a is Many;
                    next[j + 1] |= a is not null and not Many && b is not Many && (a == b || a is One || b is One);
                }
            }

            if (i < mine.Length)
            {
                row = next;
            }
        }

        return row[theirs.Length];
    }

    private static int[] Compile(string segment)
    {
        var tokens = new List<int>(segment.Length);
        foreach (var rune in segment.EnumerateRunes())
        {
            var token = rune == new Rune('*') ? Many : rune == new Rune('?') ? One : rune.Value;
            if (token != Many || tokens is not [.., Many])
            {
                tokens.Add(token);
            }
        }

        return [.. tokens];
    }
}
