using System.Text.Json.Nodes;

namespace Parley.Cli.Connect;

/// <summary>Adds to the end of an object or array, in the layout that it has.</summary>
internal static class JsonInsert
{
    public static string Member(string text, JsonPart holder, string name, JsonNode value) => Insert(text, holder, $"{JsonStyle.Name(name)}: ", value);

    public static string Element(string text, JsonPart holder, JsonNode value) => Insert(text, holder, "", value);

    private static string Insert(string text, JsonPart holder, string name, JsonNode value)
    {
        var style = JsonStyle.Of(text);
        if (holder.Parts.Count == 0)
        {
            return IntoEmpty(text, holder, name, value, style);
        }

        var last = holder.Parts[^1];
        if (!text[holder.ValueStart..last.Start].Contains('\n', StringComparison.Ordinal))
        {
            // All on one line, and so it stays.
            var line = $"{name}{JsonStyle.OneLine(value)}";
            return JsonTrivia.FindComma(text, last.End, holder.End - 1) is { } there ? text.Insert(there + 1, $" {line},") : text.Insert(last.End, $", {line}");
        }

        var indent = JsonStyle.IndentOfLine(text, last.Start);
        var written = name + style.Write(value, indent);
        var comma = JsonTrivia.FindComma(text, last.End, holder.End - 1);
        if (JsonTrivia.LastLineBreak(text, comma + 1 ?? last.End, holder.End - 1) is not { } lineBreak)
        {
            return text.Insert(comma is { } after ? after + 1 : last.End, $"{(comma is null ? "," : "")}{style.NewLine}{indent}{written}{(comma is null ? "" : ",")}");
        }

        // A line of its own before the closing one; comments keep their places.
        text = text.Insert(lineBreak + 1, $"{indent}{written}{(comma is null ? "" : ",")}{style.NewLine}");
        return comma is null ? text.Insert(last.End, ",") : text;
    }

    private static string IntoEmpty(string text, JsonPart holder, string name, JsonNode value, JsonStyle style)
    {
        var indent = JsonStyle.IndentOfLine(text, holder.ValueStart);
        var written = $"{style.NewLine}{indent}{style.Unit}{name}{style.Write(value, indent + style.Unit)}";
        if (JsonTrivia.LastLineBreak(text, holder.ValueStart + 1, holder.End - 1) is { } lineBreak)
        {
            // Comments may stand inside: behind the last of them.
            return text.Insert(text[lineBreak - 1] == '\r' ? lineBreak - 1 : lineBreak, written);
        }

        return text.Insert(holder.End - 1, $"{written}{style.NewLine}{indent}");
    }
}

/// <summary>What stands between values: blanks, comments and commas.</summary>
internal static class JsonTrivia
{
    /// <summary>The first comma between two places that is not in a comment.</summary>
    public static int? FindComma(string text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (text[at] == ',')
            {
                return at;
            }

            if (text[at] == '/')
            {
                at = EndOfComment(text, at) - 1;
            }
        }

        return null;
    }

    /// <summary>The last line break between two places that is not in a comment.</summary>
    public static int? LastLineBreak(string text, int from, int to)
    {
        int? last = null;
        for (var at = from; at < to; at++)
        {
            if (text[at] == '\n')
            {
                last = at;
            }
            else if (text[at] == '/')
            {
                at = EndOfComment(text, at) - 1;
            }
        }

        return last;
    }

    /// <summary>True where a comment that ends with its line reaches to the second place.</summary>
    public static bool IsLineCommentAt(string text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (text[at] == '/')
            {
                var end = EndOfComment(text, at);
                if (text[at + 1] == '/' && end >= to)
                {
                    return true;
                }

                at = end - 1;
            }
        }

        return false;
    }

    private static int EndOfComment(string text, int at)
    {
        var line = text[at + 1] == '/';
        var end = line ? text.IndexOf('\n', at) : text.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return end < 0 ? text.Length : line ? end : end + 2;
    }
}
