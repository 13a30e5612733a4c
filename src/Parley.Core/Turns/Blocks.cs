using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>
/// Foreign text in a prompt: each message in a block whose mark is drawn anew for every turn, so that no text can close its block or imitate another. What stands
/// at a block's head is Parley's own.
/// </summary>
public static class Blocks
{
    private const int MarkBytes = 16;

    /// <summary>A mark that none of the texts contains.</summary>
    public static string Mark(IEnumerable<string> texts) => Mark(texts, static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes)));

    /// <summary>The first mark drawn that none of the texts contains.</summary>
    public static string Mark(IEnumerable<string> texts, Func<string> draw)
    {
        var all = texts.ToList();
        while (true)
        {
            var mark = draw();
            if (!all.Exists(text => text.Contains(mark, StringComparison.OrdinalIgnoreCase)))
            {
                return mark;
            }
        }
    }

    /// <summary>The message as a block; a text over that many characters is cut, and the block says so.</summary>
    public static string Of(Message message, string mark, int longest)
    {
        var head = new StringBuilder();
        Add(head, "from", message.SenderName);
        Add(head, "kind", KindOf(message.SenderKind));
        Add(head, "type", message.Type.ToString().ToLowerInvariant());
        Add(head, "in", PlaceOf(message));
        Add(head, "at", message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Add(head, "number", message.Number.ToString(CultureInfo.InvariantCulture));
        Add(head, "depth", message.Depth.ToString(CultureInfo.InvariantCulture));
        if (message is { ConversationKind: ConversationKind.Session, SessionId: { } session })
        {
            Add(head, "session", session.ToString());
        }

        if (SessionResult.Is(message) && SessionResult.Of(message) is { } report)
        {
            foreach (var name in SessionResult.Head.Where(name => report[name] is not null))
            {
                Add(head, name, report[name]!.ToString());
            }
        }

        return Wrap(mark, head.ToString(), Cut(message.Content, longest));
    }

    /// <summary>What Parley has to say of messages that were left out; it may quote them.</summary>
    public static string OfSummary(string summary, string mark) => Wrap(mark, " from=\"parley\" kind=\"parley\" type=\"summary\"", summary);

    /// <summary>How a block's head calls the place.</summary>
    public static string PlaceOf(Message message) => message.ConversationKind switch
    {
        ConversationKind.Channel => "#" + message.Channel,
        ConversationKind.Chat => Router.ChatAddress,
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Wrap(string mark, string head, string text) => $"<message-{mark}{head}>\n{text}\n</message-{mark}>";

    private static string Cut(string text, int longest) => text.Length <= longest
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{Whole(text, longest)}\n[cut by Parley: {longest} of {text.Length} characters]");

    /// <summary>The beginning of a text, without half a character at its end.</summary>
    internal static string Whole(string text, int length) => length < text.Length && length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..Math.Min(length, text.Length)];

    private static string KindOf(CallerKind kind) => kind switch
    {
        CallerKind.Agent => "agent",
        CallerKind.User => "person",
        _ => "parley",
    };

    private static void Add(StringBuilder head, string name, string value)
    {
        head.Append(' ').Append(name).Append("=\"");
        foreach (var letter in value)
        {
            head.Append(letter switch
            {
                '&' => "&amp;",
                '"' => "&quot;",
                '<' => "&lt;",
                '>' => "&gt;",
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' => " ",
                _ => letter.ToString(),
            });
        }

        head.Append('"');
    }
}
