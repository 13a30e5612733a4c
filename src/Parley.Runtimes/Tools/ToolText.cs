using System.Text;
using ModelContextProtocol.Protocol;

namespace Parley.Runtimes.Tools;

/// <summary>A tool's answer as text. What is no text is named, not carried along.</summary>
internal static class ToolText
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int Longest = 64 * 1024;

    private const string CutMark = "\n[cut: the answer is longer than 64 KiB]";

    public static string Of(CallToolResult result)
    {
        var text = string.Join('\n', result.Content.Select(Words));
        return Cut(text.Length == 0 && result.StructuredContent is { } structure ? structure.GetRawText() : text);
    }

    public static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= Longest)
        {
            return text;
        }

        var bytes = new byte[Longest - Encoding.UTF8.GetByteCount(CutMark)];
        // Stops before a character that does not fit whole.
        Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: false, out var used, out _, out _);
        return text[..(char.IsHighSurrogate(text[used - 1]) ? used - 1 : used)] + CutMark;
    }

    private static string Words(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        ImageContentBlock image => $"[an image, {image.MimeType}, {Size(image.Data.Length)}, not shown]",
        AudioContentBlock audio => $"[a sound, {audio.MimeType}, {Size(audio.Data.Length)}, not played]",
        ResourceLinkBlock link => $"[{link.Name}: {link.Uri}]",
        EmbeddedResourceBlock { Resource: TextResourceContents text } => text.Text,
        EmbeddedResourceBlock { Resource: var other } => $"[a file, {other.Uri}, {other.MimeType}, not shown]",
        _ => $"[{block.Type}, not shown]",
    };

    // The data are base64: four letters for three bytes.
    private static string Size(int letters) => FormattableString.Invariant($"{(letters / 4 * 3) + 1023 >> 10} KiB");
}
