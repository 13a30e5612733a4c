using System.Globalization;
using System.Text;

namespace Parley.Core.Turns;

/// <summary>Keeps the newest part of a history that fits, and says what was left out. Pure: the same history is cut alike every time.</summary>
public static class HistoryCut
{
    /// <summary>What a block's head and foot take, in characters.</summary>
    public const int Head = 200;

    /// <summary>The longest summary, in characters.</summary>
    public const int SummaryLength = 700;

    private const int Quoted = 3;
    private const int QuotedLength = 80;
    private const int Named = 5;

    /// <summary>Returns the entries that fit into that many characters, and a summary of the others; null where all fit.</summary>
    public static (string? Summary, IReadOnlyList<HistoryEntry> Kept) Cut(IReadOnlyList<HistoryEntry> history, int characters)
    {
        if (history.Sum(SizeOf) <= characters)
        {
            return (null, history);
        }

        var (left, first) = ((long)characters - SummaryLength - Head, history.Count);
        while (first > 0 && left - SizeOf(history[first - 1]) is var rest and >= 0)
        {
            (left, first) = (rest, first - 1);
        }

        return (Summary([.. history.Take(first)]), [.. history.Skip(first)]);
    }

    private static long SizeOf(HistoryEntry entry) => entry.Message.Content.Length + Head;

    private static string Summary(List<HistoryEntry> cut)
    {
        var senders = cut.GroupBy(entry => entry.Own ? "you" : entry.Message.SenderName).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{cut.Count} earlier messages were left out, from {Time(cut[0])} to {Time(cut[^1])}: ");
        text.AppendJoin(", ", senders.Take(Named).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}")));
        if (senders.Count > Named)
        {
            text.Append(CultureInfo.InvariantCulture, $" and {senders.Count - Named} others");
        }

        text.Append(". The last of them began:");
        foreach (var entry in cut.TakeLast(Quoted))
        {
            text.Append("\n- ").Append(entry.Own ? "you" : entry.Message.SenderName).Append(": ").Append(Beginning(entry.Message.Content));
        }

        return text.ToString();
    }

    private static string Time(HistoryEntry entry) => entry.Message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Beginning(string content)
    {
        var line = string.Join(' ', content[..Math.Min(content.Length, 4 * QuotedLength)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= QuotedLength ? line : Blocks.Whole(line, QuotedLength) + "…";
    }
}
