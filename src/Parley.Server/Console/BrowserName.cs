using System.Text.RegularExpressions;

namespace Parley.Server.Console;

/// <summary>What a person recognises a browser by.</summary>
internal static partial class BrowserName
{
    /// <summary><c>Chrome on Linux</c>; <c>a browser</c> where it does not say.</summary>
    public static string Of(string? userAgent)
    {
        var text = userAgent ?? "";
        var browser = Browser().Match(text) is { Success: true } found ? found.Groups[1].Value switch { "Edg" => "Edge", "OPR" => "Opera", var name => name } : text.Contains("Safari/", StringComparison.Ordinal) ? "Safari" : "a browser";
        var system = System().Match(text) is { Success: true } on ? " on " + on.Value switch { "Mac OS X" => "macOS", var name => name } : "";
        return browser + system;
    }

    [GeneratedRegex("(Edg|OPR|Firefox|Chrome)/", RegexOptions.CultureInvariant)]
    private static partial Regex Browser();

    [GeneratedRegex("Android|iPhone|iPad|Windows|Mac OS X|Linux", RegexOptions.CultureInvariant)]
    private static partial Regex System();
}
