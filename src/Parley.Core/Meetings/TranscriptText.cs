using System.Globalization;
using System.Text;
using Parley.Core.Messages;

namespace Parley.Core.Meetings;

/// <summary>Writes a meeting as Markdown. Pure. What participants wrote stands in quotes, so that nothing in it is read as part of the document.</summary>
public static class TranscriptText
{
    /// <summary>The title, the topic and who takes part.</summary>
    public static string Head(Meeting meeting, IReadOnlyList<string> participants)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {meeting.Name}\n\n");
        if (meeting.Topic.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Topic: {meeting.Topic}\n\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"Participants: {string.Join(", ", participants)}. Started by {meeting.CreatedBy} on {Time(meeting.CreatedAt)}. Maximum chain length {meeting.ChainLength}.\n").ToString();
    }

    /// <summary>One message: who, when and at which depth, then the quoted text, then what its chain says.</summary>
    public static string Of(Message message)
    {
        var chain = Chain.Of(message);
        var text = new StringBuilder("\n");
        var depth = message.SenderKind == CallerKind.Agent && chain is { Depth: > 0 } ? string.Create(CultureInfo.InvariantCulture, $", depth {chain.Depth}/{chain.Limit}") : "";
        text.Append(CultureInfo.InvariantCulture, $"**{message.SenderName}** ({Time(message.CreatedAt)}{depth})\n\n");
        foreach (var line in message.Content.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append('>').Append(line.Length > 0 ? " " : "").Append(line).Append('\n');
        }

        if (chain is { Unheard.Count: > 0 })
        {
            text.Append(CultureInfo.InvariantCulture, $"\nNot heard: {string.Join(", ", chain.Unheard)}{(chain.EndedBy is { } ending ? $" ({Endings.NameOf(ending)})" : "")}.\n");
        }

        return text.ToString();
    }

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
