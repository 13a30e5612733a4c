using System.Text;

namespace Parley.Core.Channels;

/// <summary>The form of the paths that agents announce: relative to the project, with slashes.</summary>
public static class PathForm
{
    /// <summary>The most characters of a path.</summary>
    public const int Length = 300;

    /// <summary>The most paths of one announcement.</summary>
    public const int Count = 50;

    /// <summary>Returns the path without <c>./</c> and doubled slashes; throws <c>invalid_request</c> for what is no path within the project.</summary>
    public static string Normalize(string? path)
    {
        var text = path?.Trim() ?? "";
        if (text.Length is 0 or > Length)
        {
            throw Invalid(text, $"Use 1 to {Length} characters.");
        }

        if (text.Contains('\\', StringComparison.Ordinal) || text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || Rune.IsControl(rune)))
        {
            throw Invalid(text, "Use '/' between folders and no control characters.");
        }

        if (text[0] == '/' || (text.Length > 1 && text[1] == ':' && char.IsAsciiLetter(text[0])))
        {
            throw Invalid(text, "Use a path relative to the project.");
        }

        var segments = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").ToList();
        if (segments.Contains(".."))
        {
            throw Invalid(text, "Use a path within the project, without '..'.");
        }

        if (segments.Count == 0 || (text[^1] == '/' && segments[^1] != "**"))
        {
            segments.Add("**");
        }

        return string.Join('/', segments);
    }

    private static ParleyError Invalid(string text, string fix) =>
        ParleyError.Invalid("paths", text.Length == 0 ? "A path is empty." : $"'{(text.Length > 60 ? text[..60] + "…" : text)}' is not a path in the project.", fix);
}
