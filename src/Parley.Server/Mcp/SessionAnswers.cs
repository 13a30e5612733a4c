using System.Text.Json.Nodes;
using Parley.Core.Sessions;
using Parley.Server.Mapping;

namespace Parley.Server.Mcp;

/// <summary>A session's log as a model reads it.</summary>
internal static class SessionAnswers
{
    private const int NewestEntries = 50;
    private const int LongestText = 1_500;

    /// <summary>The newest part of a log.</summary>
    public static JsonObject Of(SessionLog log)
    {
        var view = SessionMapping.ToView(log, after: 0);
        var left = Math.Max(0, view.Entries.Count - NewestEntries);
        var shown = new JsonObject { ["sessionKey"] = view.Session, ["status"] = view.Status, ["entries"] = ToolAnswer.List(view.Entries.Skip(left), Of) };
        if (left > 0)
        {
            shown["older_left_out"] = left;
        }

        return shown;
    }

    private static JsonObject Of(Client.Wire.SessionLogEntryView entry)
    {
        var shown = new JsonObject { [entry.Kind == "tool" ? "tool" : "from"] = entry.Tool ?? entry.From, ["text"] = Cut(entry.Text) };
        if (entry.Answer is not null)
        {
            shown["answer"] = Cut(entry.Answer);
        }

        return shown;
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
}
