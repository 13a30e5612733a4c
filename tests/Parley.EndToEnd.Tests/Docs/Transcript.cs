using System.Text.RegularExpressions;

namespace Parley.EndToEnd.Tests.Docs;

/// <summary>
/// Compares output with a document. Ids, times, tokens, cursors and sizes differ from run to run: each stands for whatever was printed in its place, and an id
/// that a later command repeats is replaced by the real one. '…' stands for anything, alone in a line for any number of lines.
/// </summary>
internal sealed partial class Transcript
{
    private readonly Dictionary<string, string> real = [];

    /// <summary>Lets a text of the document stand for another one in this run.</summary>
    public void Stands(string written, string actual) => real[written] = actual;

    /// <summary>The command with the values of this run.</summary>
    public string Command(string written) => real.OrderByDescending(pair => pair.Key.Length).Aggregate(written, (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>Whether the output is the one shown; remembers what its changing parts stand for.</summary>
    public bool Accept(IReadOnlyList<string> shown, string output)
    {
        var changing = new List<string>();
        var pattern = string.Concat(shown.Select(line => Pattern(line, changing)));
        var match = Regex.Match(Tidy(output), $@"\A{pattern}\z", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        for (var i = 0; match.Success && i < changing.Count; i++)
        {
            real[changing[i]] = match.Groups[i + 1].Value;
        }

        return match.Success;
    }

    /// <summary>The output as a terminal shows it.</summary>
    public static string Tidy(string output) =>
        string.Concat(Escapes().Replace(output, "").ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(line => line.TrimEnd() + "\n")).TrimStart('\n');

    private static string Pattern(string line, List<string> changing)
    {
        if (line.Trim() == "…")
        {
            return "(?:[^\n]*\n)*?";
        }

        var pattern = "";
        var position = 0;
        foreach (Match part in Changing.Matches(line))
        {
            pattern += Fixed(line[position..part.Index]);
            changing.Add(part.Value);
            pattern += $"({Kinds[Enumerable.Range(1, Kinds.Length).First(kind => part.Groups[kind].Success) - 1]})";
            position = part.Index + part.Length;
        }

        return pattern + Fixed(line[position..].TrimEnd()) + "\n";
    }

    /// <summary>Columns move with the widths of what changes.</summary>
    private static string Fixed(string text) => Blanks().Replace(Regex.Escape(text), " +").Replace("…", "[^\n]*?", StringComparison.Ordinal);

    /// <summary>The pattern of what changes from run to run, by where it stands.</summary>
    private static readonly string[] Kinds =
    [
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", // ids
        @"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00(?::00)?| UTC)?", // times
        @"\bp[au]_[A-Za-z0-9_-]{5,}", // tokens
        @"\b[0-9a-f]{8}(?=-\d)|(?<=""epoch"":"")[0-9a-f]{8}", // epochs, in cursors and alone
        @"(?<=""trace_id"": ?"")[0-9a-f]{32}",
        @"\d+(?:\.\d+)? (?:B|KiB|MiB|GiB|ms)\b", // sizes
        @"(?<=""retry_after"":|[Rr]etry-[Aa]fter: |try again in )[0-9.]+",
        @"(?<=cli on )\S+",
        @"(?<=process |kill )\d+",
        @"(?<=psql "")host=[^""]+", // where a role connects
        @"(?<=PGPASSWORD='|^password: +)[A-Za-z0-9_-]{32}",
        @"(?<=^role: +)parley_[0-9a-f]{16}",
        @"\b(?=[a-f]*\d)[0-9a-f]{8}\b", // the ends of keys of sessions
    ];

    private static readonly Regex Changing = new(string.Join('|', Kinds.Select(kind => $"({kind})")), RegexOptions.CultureInvariant | RegexOptions.Multiline);

    [GeneratedRegex(@"(?:\\ | ){2,}")]
    private static partial Regex Blanks();

    /// <summary>What a terminal does not show: colours, and progress that is written over.</summary>
    [GeneratedRegex(@"(?:\r[^\r\n]+)+\r\n|\r[^\r\n]+(?=\r)|\e\[[0-9;?]*[A-Za-z]|\e[=>]|\r")]
    private static partial Regex Escapes();
}
