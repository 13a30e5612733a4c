using System.Globalization;
using System.Text;

namespace Parley.Core.Sessions;

/// <summary>A session's log as a model reads it, the newest part of it where it is long.</summary>
internal static class SessionText
{
    private const int Longest = 12_000;
    private const int LongestLine = 1_500;

    public static string Of(SessionLog log)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{log.Session.Key}: {SubagentRules.NameOf(log.Session.State)}");
        foreach (var entry in log.Entries)
        {
            text.Append('\n').Append(Line(entry));
        }

        return text.Length <= Longest ? text.ToString() : "[the beginning is cut by Parley]\n" + text.ToString(text.Length - Longest, Longest);
    }

    private static string Line(SessionLogEntry entry) => entry switch
    {
        { Message: { } message } => $"{message.SenderName} ({message.Type.ToString().ToLowerInvariant()}): {Cut(message.Content)}",
        { Step: { Answer.OwnCalls: { Count: > 0 } calls } } => string.Join('\n', calls.Select(call => $"{call.Name} -> {call.State}")),
        { Step: { } step } => string.Join('\n', step.Answer.ToolCalls.Select((call, i) => $"{call.Name} {Cut(call.Arguments)} -> {Cut(step.Results is { } results && i < results.Count ? results[i].Text : "…")}")),
        { Turn: { } turn } => string.Join(' ', turn.Warnings.Append(turn.Reason ?? "").Where(line => line.Length > 0)),
        _ => "",
    };

    private static string Cut(string text) => text.Length <= LongestLine ? text : text[..LongestLine] + "…";
}
