namespace Parley.Cli.Connect;

/// <summary>Takes a member or element away, with the comma and the line that it needed.</summary>
internal static class JsonCut
{
    public static string Cut(string text, JsonPart holder, JsonPart part)
    {
        var index = holder.Parts.IndexOf(part);
        var isLast = index == holder.Parts.Count - 1;
        var before = index == 0 ? holder.ValueStart + 1 : holder.Parts[index - 1].End;
        var behind = isLast ? holder.End - 1 : holder.Parts[index + 1].Start;
        var comma = JsonTrivia.FindComma(text, part.End, behind);
        var end = comma is { } own ? own + 1 : part.End;
        if (holder.Parts.Count == 1 && string.IsNullOrWhiteSpace(text[before..part.Start]) && string.IsNullOrWhiteSpace(text[end..behind]))
        {
            return text[..before] + text[behind..];
        }

        if (!isLast && string.IsNullOrWhiteSpace(text[end..behind]))
        {
            return text[..part.Start] + text[behind..];
        }

        var start = StartOfBlanks(text, part.Start, before);
        if (JsonTrivia.IsLineCommentAt(text, before, start) && !IsRestBlank(text, end))
        {
            // Without the line break the comment would swallow what follows.
            start = part.Start;
        }

        text = text[..start] + text[end..];
        // Where the last one had no comma, the one before it needs none any more.
        return isLast && comma is null && index > 0 && JsonTrivia.FindComma(text, before, start) is { } theirs ? text.Remove(theirs, 1) : text;
    }

    private static bool IsRestBlank(string text, int from)
    {
        var end = text.IndexOf('\n', from);
        return end >= 0 && string.IsNullOrWhiteSpace(text[from..end]);
    }

    /// <summary>Back over blanks, at most to the end of the line before.</summary>
    private static int StartOfBlanks(string text, int from, int least)
    {
        var at = from;
        while (at > least && text[at - 1] is ' ' or '\t')
        {
            at--;
        }

        if (at > least && text[at - 1] == '\n')
        {
            at -= at - 1 > least && text[at - 2] == '\r' ? 2 : 1;
        }

        return at;
    }
}
