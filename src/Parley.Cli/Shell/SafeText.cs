using System.Globalization;
using System.Text;

namespace Parley.Cli.Shell;

/// <summary>Makes text that others wrote harmless for a terminal: what would move the cursor, colour, hide or reorder is shown instead of done.</summary>
internal static class SafeText
{
    /// <summary>Keeps line breaks and tabs.</summary>
    public static string Lines(string? text) => Clean(text, keepLines: true);

    /// <summary>One line: line breaks and tabs become <c>\n</c> and <c>\t</c>, so that a line is a message and a tab ends a column.</summary>
    public static string Line(string? text) => Clean(text, keepLines: false);

    private static string Clean(string? text, bool keepLines)
    {
        if (text is null)
        {
            return "";
        }

        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return keepLines ? text : text.Replace("\\", "\\\\", StringComparison.Ordinal);
        }

        var clean = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(clean, rune, keepLines);
        }

        return clean.ToString();
    }

    private static void Append(StringBuilder clean, Rune rune, bool keepLines)
    {
        switch (rune.Value)
        {
            case '\n' or '\t' when keepLines:
                clean.Append((char)rune.Value);
                break;
            case '\n':
                clean.Append("\\n");
                break;
            case '\t':
                clean.Append("\\t");
                break;
            case '\\' when !keepLines:
                clean.Append("\\\\");
                break;
            case < 0x20 or (>= 0x7F and < 0xA0):
                clean.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            default:
                if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                {
                    clean.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
                }
                else
                {
                    clean.Append(rune);
                }

                break;
        }
    }
}
