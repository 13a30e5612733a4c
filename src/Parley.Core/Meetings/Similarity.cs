using System.Text.RegularExpressions;

namespace Parley.Core.Meetings;

/// <summary>How alike two texts are.</summary>
public static partial class Similarity
{
    private const int Together = 3;

    /// <summary>
    /// From 0 (nothing alike) to 1 (the same words in the same order): the share of runs of three words that both have among all they have (Jaccard), in lower case,
    /// without punctuation and mentions. Texts of fewer words are alike only where they are the same. Two texts without words are the same.
    /// </summary>
    public static double Of(string one, string other)
    {
        var (first, second) = (Words(one), Words(other));
        if (first.Count < Together || second.Count < Together)
        {
            return first.SequenceEqual(second) ? 1 : 0;
        }

        var (a, b) = (Runs(first), Runs(second));
        var both = a.Count(b.Contains);
        return (double)both / (a.Count + b.Count - both);
    }

    private static HashSet<(string, string, string)> Runs(List<string> words)
    {
        var runs = new HashSet<(string, string, string)>();
        for (var i = 0; i + Together <= words.Count; i++)
        {
            runs.Add((words[i], words[i + 1], words[i + 2]));
        }

        return runs;
    }

    private static List<string> Words(string text) => [.. Word().Matches(Mention().Replace(text, " ").ToLowerInvariant()).Select(match => match.Value)];

    [GeneratedRegex(@"@[\w.\-]+")]
    private static partial Regex Mention();

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
