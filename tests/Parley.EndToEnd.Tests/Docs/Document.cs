using System.Text.RegularExpressions;

namespace Parley.EndToEnd.Tests.Docs;

/// <summary>A document for users: its fenced blocks, its headings and its links.</summary>
public sealed partial class Document
{
    private readonly List<Block> blocks = [];

    private Document(string path, string[] lines)
    {
        (Path, Lines) = (path, lines);
        Read();
    }

    /// <summary>Relative to the repository.</summary>
    public string Path { get; }

    public string[] Lines { get; }

    public IReadOnlyList<Block> Blocks => blocks;

    /// <summary>True where the document is about PostgreSQL: its commands run on a server with a database of its own there.</summary>
    public bool WantsPostgres => Lines.Contains("<!-- database: postgresql -->");

    public static Document Open(string path) => new(path, File.ReadAllLines(Repository.PathOf(path)));

    /// <summary>Every document for users, decisions aside.</summary>
    public static IEnumerable<string> All() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md"))
            .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal);

    /// <summary>What a link to a heading of this document says after '#'.</summary>
    public IEnumerable<string> Anchors() => Prose().Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Where the document links to, sites aside.</summary>
    public IEnumerable<string> Links() => Prose().SelectMany(line => Link().Matches(line)).Select(match => match.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>The lines that stand in no block.</summary>
    private IEnumerable<string> Prose() => Lines.Where((_, index) => !blocks.Any(block => index >= block.First - 1 && index <= block.First + block.Lines.Count));

    private void Read()
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            if (!Lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(Lines, "```", i + 1);
            end.ShouldBeGreaterThan(i, $"{Path}:{i + 1} opens a block that does not end");
            var directive = i > 0 && Directive().Match(Lines[i - 1]) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : ("", "");
            blocks.Add(new Block(Lines[i][3..].Trim(), directive, i + 1, Lines[(i + 1)..end]));
            i = end;
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^<!-- (file|from): (\S+) -->$")]
    private static partial Regex Directive();
}

/// <summary>A fenced block.</summary>
/// <param name="Kind">What stands after the fence.</param>
/// <param name="Directive"><c>file</c>: the block is saved under that name; <c>from</c>: the block is part of that file of the repository.</param>
/// <param name="First">The index of its first line in the document.</param>
/// <param name="Lines">Its lines.</param>
public sealed record Block(string Kind, (string Name, string Value) Directive, int First, IReadOnlyList<string> Lines)
{
    /// <summary>The commands of a <c>console</c> block with what they print.</summary>
    public IEnumerable<Example> Examples()
    {
        for (var i = 0; i < Lines.Count;)
        {
            Lines[i].ShouldStartWith("$ ", Case.Sensitive, $"line {First + i + 1}: a console block begins with a command");
            var begin = i;
            var command = new List<string> { Lines[i++][2..] };
            while (i < Lines.Count && Lines[i].StartsWith("> ", StringComparison.Ordinal))
            {
                command.Add(Lines[i++][2..]);
            }

            var output = i;
            while (i < Lines.Count && !Lines[i].StartsWith("$ ", StringComparison.Ordinal))
            {
                i++;
            }

            yield return new Example(string.Join('\n', command), First + begin, First + output, [.. Lines.Skip(output).Take(i - output)]);
        }
    }
}

/// <summary>A command and the output that the document shows.</summary>
/// <param name="Command">The command as a user types it.</param>
/// <param name="Line">The index of the command's line in the document.</param>
/// <param name="OutputLine">The index of the output's first line.</param>
/// <param name="Output">The output's lines.</param>
public sealed record Example(string Command, int Line, int OutputLine, IReadOnlyList<string> Output);
