using System.Text.RegularExpressions;

namespace Parley.Core.Organizations;

/// <summary>The form of names of agents, users, projects and channels: what an <c>@mention</c> can carry.</summary>
public static partial class Name
{
    /// <summary>
    /// Returns the name in lower case. Throws <see cref="ErrorCode.InvalidRequest"/> unless it has 1–50 letters a–z, digits, '-', '_' or '.', begins with
    /// a letter or digit and does not end with '.'.
    /// </summary>
    public static string Check(string? value, string field)
    {
        var name = value?.Trim().ToLowerInvariant() ?? "";
        if (!HasForm(name))
        {
            throw ParleyError.Invalid(field, $"'{Shorten(value)}' is not a name.", "Use 1 to 50 letters a-z, digits, '-', '_' or '.', beginning with a letter or digit.");
        }

        return Reserved.Contains(name)
            ? throw ParleyError.Invalid(field, $"The name '{name}' is reserved.", "Choose another name.")
            : name;
    }

    /// <summary>Whether the text has the form of a name or id, so that it can be looked up in every store.</summary>
    public static bool HasForm(string text) => text.Length is > 0 and <= Limits.NameLength && Form().IsMatch(text);

    private static readonly HashSet<string> Reserved = ["parley", "system", "user", "all", "everyone", "here", "channel"];

    private static string Shorten(string? value) => value is { Length: > 60 } ? value[..60] + "…" : value ?? "";

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9_.\-]*[a-z0-9_\-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
