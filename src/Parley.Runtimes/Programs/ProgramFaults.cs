using System.Globalization;
using Parley.Core.Turns;

namespace Parley.Runtimes.Programs;

/// <summary>What the end of a program means for the turn. What a program says of itself is shown without the secrets that it was given.</summary>
internal sealed class ProgramFaults(string name, IReadOnlyDictionary<string, string> environment)
{
    private const int LongestShown = 2_000;
    private const int ShortestSecret = 8;
    private static readonly string[] s_plain = ["PATH", "HOME", "LANG", ProgramHouse.UrlVariable];
    private static readonly string[] s_busy = ["rate limit", "rate_limit", "overloaded", "too many requests", " 429", " 529", " 503"];
    private static readonly string[] s_strangers = ["not logged in", "please log in", "please run /login", "unauthorized", "authentication", "auth method", "invalid api key", "api key", " 401"];

    /// <summary>The program ended in a way that gives no answer.</summary>
    public RuntimeFault Ended(int code, string errors, string phase) => new(KindOf(code, errors), Sentence($"The program '{name}' ended {phase} with {Words(code)}", errors));

    /// <summary>The program told of a failure.</summary>
    public RuntimeFault Said(string what, string errors = "") => new(KindOf(what), Sentence($"The program '{name}' failed: {Clean(what)}", errors));

    /// <summary>It printed what nobody can read, or stopped in the middle.</summary>
    public RuntimeFault Broken(string what, string errors) => new(RuntimeFaultKind.Transient, Sentence($"The program '{name}' {what}", errors));

    private string Sentence(string begin, string errors)
    {
        var said = Clean(errors);
        return said.Length == 0 ? begin.TrimEnd('.') + "." : $"{begin.TrimEnd('.')}: {said}";
    }

    /// <summary>Ends of its own have a meaning that programs agree upon (sysexits.h); a signal is an accident that may not come again.</summary>
    private static RuntimeFaultKind KindOf(int code, string errors) => code switch
    {
        75 => RuntimeFaultKind.Overloaded,
        77 => RuntimeFaultKind.Unauthenticated,
        > 128 => RuntimeFaultKind.Transient,
        0 => RuntimeFaultKind.Transient,
        _ => KindOf(errors),
    };

    private static RuntimeFaultKind KindOf(string words) =>
        Array.Exists(s_busy, word => words.Contains(word, StringComparison.OrdinalIgnoreCase)) ? RuntimeFaultKind.Overloaded
        : Array.Exists(s_strangers, word => words.Contains(word, StringComparison.OrdinalIgnoreCase)) ? RuntimeFaultKind.Unauthenticated
        : RuntimeFaultKind.Refused;

    private static string Words(int code) => code > 128
        ? string.Create(CultureInfo.InvariantCulture, $"signal {code - 128}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");

    private string Clean(string text)
    {
        foreach (var (variable, value) in environment)
        {
            if (value.Length >= ShortestSecret && !s_plain.Contains(variable))
            {
                text = text.Replace(value, $"[{variable}]", StringComparison.Ordinal);
            }
        }

        var line = string.Concat(text.Where(letter => !char.IsControl(letter) || letter is '\n' or '\t')).Trim();
        return line.Length <= LongestShown ? line : "…" + line[^LongestShown..];
    }
}
