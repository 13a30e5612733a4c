using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Messages;

namespace Parley.Core.Webhooks;

/// <summary>What a call says: where to look, never the text itself.</summary>
public static class WebhookBody
{
    /// <summary>Something came into an agent's inbox.</summary>
    public const string InboxType = "inbox.message";

    /// <summary>Something needs a person.</summary>
    public const string AttentionType = "attention.raised";

    /// <summary>Characters of a preview.</summary>
    public const int PreviewLength = 100;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A call about the newest of several things in an inbox.</summary>
    public static string OfInbox(Webhook webhook, InboxItem newest, WebhookNews news, DateTimeOffset now)
    {
        var message = newest.Message;
        return Of(InboxType, now, new JsonObject
        {
            ["webhook"] = webhook.Name, ["agent"] = webhook.AgentName, ["agent_id"] = webhook.AgentId, ["from"] = message.SenderName, ["message_id"] = message.Id,
            ["message_type"] = Lower(message.Type), ["conversation"] = Lower(message.ConversationKind), ["conversation_id"] = message.ConversationId, ["channel"] = message.Channel,
            ["number"] = newest.Number, ["new"] = news.Count, ["unread"] = news.Head - news.Cursor, ["preview"] = webhook.Preview && message.Withheld == Withheld.No ? LineOf(message.Content) : null,
        });
    }

    /// <summary>A call about the newest of several things that need a person.</summary>
    public static string OfAttention(Webhook webhook, Attention newest, int count, DateTimeOffset now) => Of(AttentionType, now, new JsonObject
    {
        ["webhook"] = webhook.Name, ["id"] = newest.Id, ["kind"] = newest.Kind, ["message_id"] = newest.MessageId, ["at"] = Time(newest.At), ["new"] = count,
        ["preview"] = webhook.Preview ? LineOf(newest.Text) : null,
    });

    /// <summary>A call that a person made to try it.</summary>
    public static string OfPing(Webhook webhook, DateTimeOffset now) => Of("ping", now, new JsonObject { ["webhook"] = webhook.Name, ["agent"] = webhook.AgentName });

    /// <summary>The beginning of a text as one line that shows nothing but letters.</summary>
    public static string LineOf(string text)
    {
        var line = new StringBuilder(PreviewLength);
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= PreviewLength)
            {
                return line.ToString().TrimEnd() + "…";
            }

            var blank = Rune.IsWhiteSpace(rune);
            if (blank && (line.Length == 0 || line[^1] == ' '))
            {
                continue;
            }

            if (blank)
            {
                line.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
            {
                line.Append(rune);
            }
        }

        return line.ToString().TrimEnd();
    }

    private static string Of(string type, DateTimeOffset now, JsonObject data)
    {
        foreach (var absent in data.Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            data.Remove(absent);
        }

        return new JsonObject { ["type"] = type, ["timestamp"] = Time(now), ["data"] = data }.ToJsonString(Readable);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
