namespace Parley.Cli.Terminal;

/// <summary>The lines written before, for the arrow keys; what is being written is kept while a person looks back.</summary>
internal sealed class LineHistory(IEnumerable<string> lines)
{
    public const int Most = 500;
    private readonly List<string> lines = [.. lines.TakeLast(Most)];
    private int? at;
    private string draft = "";

    public IReadOnlyList<string> Lines => lines;

    /// <summary>Notes a line that was sent; the same line twice in a row is one.</summary>
    public void Add(string line)
    {
        at = null;
        if (string.IsNullOrWhiteSpace(line) || (lines.Count > 0 && lines[^1] == line))
        {
            return;
        }

        lines.Add(line);
        if (lines.Count > Most)
        {
            lines.RemoveAt(0);
        }
    }

    /// <summary>The line before, or null at the oldest.</summary>
    public string? Older(string current)
    {
        if (at is null)
        {
            draft = current;
        }

        var next = (at ?? lines.Count) - 1;
        return next < 0 ? null : lines[(at = next).Value];
    }

    /// <summary>The line after; behind the newest the draft; null where nothing was looked back at.</summary>
    public string? Newer()
    {
        if (at is not { } current)
        {
            return null;
        }

        at = current + 1 < lines.Count ? current + 1 : null;
        return at is { } next ? lines[next] : draft;
    }
}
