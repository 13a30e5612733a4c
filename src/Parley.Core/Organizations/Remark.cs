namespace Parley.Core.Organizations;

/// <summary>A short text in a person's or an agent's words: a reason, a label, a note, a description.</summary>
public static class Remark
{
    /// <summary>The most characters that a remark has.</summary>
    public const int Length = 500;

    /// <summary>
    /// Returns the text without space around it, empty for null. Throws <see cref="ErrorCode.InvalidRequest"/> where it has over 500 characters, or
    /// characters that cannot be stored or shown on one line.
    /// </summary>
    public static string Check(string? value, string field)
    {
        var text = value?.Trim() ?? "";
        if (text.Length > Length)
        {
            throw ParleyError.Invalid(field, $"The text has {text.Length} characters.", $"Use at most {Length} characters.");
        }

        return text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar || System.Text.Rune.IsControl(rune))
            ? throw ParleyError.Invalid(field, "The text has a control character or is not valid Unicode.", "Use one line of plain text.")
            : text;
    }
}
