using System.Text.RegularExpressions;

namespace Parley.Cli.Shell;

/// <summary>What the user types to call this program. The launcher of a checkout says its own name with <c>PARLEY_COMMAND</c>.</summary>
internal static partial class CommandName
{
    public const string Usual = "parley";

    /// <summary><c>parley</c>, or the launcher's name.</summary>
    public static string Typed { get; } = From(Environment.GetEnvironmentVariable("PARLEY_COMMAND"));

    /// <summary>The sentence with the commands in it as the user types them; those of the server come with the usual name.</summary>
    public static string In(string text) => In(text, Typed);

    internal static string In(string text, string typed) => typed == Usual ? text : Call().Replace(text, match => typed + match.Groups[1].Value);

    internal static string From(string? name) => string.IsNullOrWhiteSpace(name) ? Usual : SafeText.Line(name.Trim());

    /// <summary>The program's name where a command follows; not in an address, a file's name, or where it is the system that is meant.</summary>
    [GeneratedRegex(@"(?<![\w./@:-])parley( (?:\[|--|(?:up|serve|console|agent|models|key|roots|budget|spend|link|send|inbox|ack|reject|watch|mcp|connect|hook|run|status|history|search|config|spawn|session|schedule|webhook|meeting|channel|project|lease|hold|permission|attention|obligations|dead|token|user|feature|halts?|resume|nodes|audit|export|backup|restore|doctor|health|completion|complete|version)(?![\w-])))", RegexOptions.CultureInvariant)]
    private static partial Regex Call();
}
