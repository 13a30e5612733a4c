using System.Text;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core;

namespace Parley.Cli.Shell;

/// <summary>A message's text: from the argument, or from standard input for <c>-</c> and where something is piped in.</summary>
internal static class TextInput
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<string> ReadAsync(string? argument, CancellationToken cancellation)
    {
        if (argument is not null and not "-")
        {
            return argument.Length > 0 ? argument : throw Wrong("The text is empty.", "Give the text as the last argument, or pipe it in.");
        }

        if (argument is null && !Console.IsInputRedirected)
        {
            throw Wrong("There is no text.", "Give the text as the last argument, pipe it in, or write '-' to type it here.");
        }

        await using var input = Console.OpenStandardInput();
        var text = await ReadAsync(input, cancellation).ConfigureAwait(false);
        return text.Length > 0 ? text : throw Wrong("Standard input is empty.", "Give the text as the last argument, or pipe it in.");
    }

    public static async Task<string> ReadAsync(Stream input, CancellationToken cancellation)
    {
        var buffer = new byte[Limits.ContentBytes + 2];
        var length = await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (length == buffer.Length)
        {
            throw new ParleyException(new Problem { Code = "too_large", Title = "The text is longer than 64 KiB.", Fix = "Send less, or a reference to it.", Field = "content" });
        }

        try
        {
            var text = Strict.GetString(buffer, 0, length);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("Standard input is not UTF-8.", "Convert it, for example with iconv -t UTF-8.");
        }
    }

    private static ParleyException Wrong(string title, string fix) => Refusal.Wrong(title, fix, "content");
}
