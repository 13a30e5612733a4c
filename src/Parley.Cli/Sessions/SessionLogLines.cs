using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Sessions;

/// <summary>Prints a session's log: readable on a terminal, one line with tabs elsewhere, JSON where asked.</summary>
internal static class SessionLogLines
{
    public static void Print(this Screen screen, SessionLogEntryView entry)
    {
        if (screen.IsJson)
        {
            screen.Json(entry, Screen.Wire.SessionLogEntryView);
        }
        else if (!screen.IsTerminal)
        {
            screen.Line(Line(entry));
        }
        else
        {
            var heading = $"{Format.Local(entry.At)}  {SafeText.Line(entry.From)} ({SafeText.Line(entry.Tool ?? entry.Type ?? entry.Kind)})";
            screen.Line(Screen.Colour ? $"\e[2m{heading}\e[0m" : heading);
            Indented(screen, entry.Text, entry.Kind == "answer" ? "    -> " : "    ");
            if (entry.Answer is { } answer)
            {
                Indented(screen, answer, "    -> ");
            }
        }

        screen.Flush();
    }

    /// <summary>time, kind, who, type or tool, text, answer: one line, whatever the text.</summary>
    public static string Line(SessionLogEntryView entry) => string.Join(
        '\t', Format.Time(entry.At), entry.Kind, SafeText.Line(entry.From), SafeText.Line(entry.Tool ?? entry.Type), SafeText.Line(entry.Text), SafeText.Line(entry.Answer));

    private static void Indented(Screen screen, string text, string first) => screen.Line(first + SafeText.Lines(text).ReplaceLineEndings("\n" + new string(' ', first.Length)));
}
