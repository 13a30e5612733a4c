using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>Parts as the text that an agent reads. What is not text stands beside it as well, so that a program finds it unchanged.</summary>
internal static class MessageText
{
    /// <summary>The name in a message's metadata under which parts stand that are not text.</summary>
    public const string PartsName = "a2a.parts";

    /// <summary>The message's text. Throws <c>invalid_request</c> for a message without parts and <c>content_not_supported</c> for the bytes of a file.</summary>
    public static string Of(Message message)
    {
        if (message.Parts.Count == 0)
        {
            throw ParleyError.Invalid("message.parts", "The message has no parts.", "Send at least one part, such as {\"text\": \"…\"}.");
        }

        return string.Join("\n\n", message.Parts.Select(TextOf));
    }

    /// <summary>The caller's metadata with the parts that are not text; null for nothing.</summary>
    public static JsonElement? Metadata(Message message)
    {
        var all = (JsonObject?)message.Metadata?.DeepClone() ?? [];
        if (message.Parts.Any(part => part.Text is null))
        {
            all[PartsName] = new JsonArray([.. message.Parts.Where(part => part.Text is null).Select(part => JsonSerializer.SerializeToNode(part, A2aJson.Of<Part>()))]);
        }

        return all.Count == 0 ? null : JsonSerializer.SerializeToElement(all);
    }

    private static string TextOf(Part? part)
    {
        if (part is null || (part.Text is null ? 0 : 1) + (part.Raw is null ? 0 : 1) + (part.Url is null ? 0 : 1) + (part.Data is null ? 0 : 1) != 1)
        {
            throw ParleyError.Invalid("message.parts", "A part needs exactly one of text, raw, url and data.", "Send {\"text\": \"…\"} or {\"data\": {…}}.");
        }

        return part switch
        {
            { Text: { } text } => text,
            { Data: { } data } => $"```json\n{data.GetRawText()}\n```",
            { Url: { } url } => new StringBuilder().Append(part.Filename is null ? "File: " : $"File {part.Filename}: ").Append(url).ToString(),
            _ => throw new ParleyError(ErrorCode.ContentNotSupported, "Messages do not carry the bytes of files.", "Send the file's url, or its text."),
        };
    }
}
