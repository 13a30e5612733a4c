using System.Text;

namespace Parley.Cli.Shell;

/// <summary>A command as a person types it, in words: parted by spaces, with quotes and backslashes as a shell has them. Nothing is expanded.</summary>
internal static class CommandWords
{
    /// <summary>The words. Throws where a quote is not closed or there is no word.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var (words, word, quote, begun) = (new List<string>(), new StringBuilder(), '\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Add();
            }
            else if (quote == '\0' && letter is '\'' or '"')
            {
                (quote, begun) = (letter, true);
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (letter == '\\' && quote != '\'' && i + 1 < text.Length && (quote == '\0' || text[i + 1] is '"' or '\\'))
            {
                word.Append(text[++i]);
                begun = true;
            }
            else
            {
                word.Append(letter);
                begun = true;
            }
        }

        if (quote != '\0')
        {
            throw Refusal.Wrong("A quote in the command is not closed.", $"Close it with {quote}.", "command");
        }

        Add();
        return words.Count > 0 ? words : throw Refusal.Wrong("The command is empty.", "Name a program: --command \"./answer.sh\".", "command");

        void Add()
        {
            if (begun)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            begun = false;
        }
    }

    /// <summary>The words as a person would type them.</summary>
    public static string Join(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => word.Length > 0 && !word.Any(letter => char.IsWhiteSpace(letter) || letter is '"' or '\'' or '\\') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
}
