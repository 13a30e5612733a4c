using System.Globalization;
using System.Text;
using Parley.Core.Turns;

namespace Parley.Storage.Postgres;

/// <summary>What one node tells the others of turns: which conversations are watched on it, what a turn did, or that a turn was ended.</summary>
internal sealed record TurnNotice(Guid Node)
{
    /// <summary>PostgreSQL takes 8,000 bytes a notice; beside the text there are four ids, a name and some signs.</summary>
    public const int MostText = 7_000;

    /// <summary>An id has 32 signs and a space.</summary>
    public const int MostWatched = 200;

    private const char Watches = 'w';
    private const char Did = 'd';
    private const char Ends = 'e';

    /// <summary>The conversations watched on the node, or null.</summary>
    public IReadOnlyList<Guid>? Watched { get; init; }

    /// <summary>What a turn did, or null.</summary>
    public TurnNote? Note { get; init; }

    /// <summary>The turn that was ended, or null.</summary>
    public Guid? Ended { get; init; }

    public override string ToString() => this switch
    {
        { Watched: { } watched } => $"{Watches} {Node:N} {string.Join(' ', watched.Select(id => id.ToString("N")))}",
        { Ended: { } turn } => $"{Ends} {Node:N} {turn:N}",
        { Note: { } note } => string.Create(
            CultureInfo.InvariantCulture, $"{Did} {Node:N} {note.OrganizationId:N} {note.ConversationId:N} {note.TurnId:N} {note.Depth} {(int)note.Kind} {note.AgentName} {note.Text.Replace("\0", "", StringComparison.Ordinal)}"),
        _ => "",
    };

    /// <summary>Cuts a text so that each piece fits into a notice, never within a character.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        var piece = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MostText)
            {
                yield return piece.ToString();
                piece.Clear();
                bytes = 0;
            }

            piece.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        if (piece.Length > 0 || text.Length == 0)
        {
            yield return piece.ToString();
        }
    }

    /// <summary>Reads a notice; null where it is none, as one that somebody else sent on the same channel.</summary>
    public static TurnNotice? Parse(string text)
    {
        var parts = text.Split(' ', 3);
        if (parts is not [{ Length: 1 } kind, var sender, var rest] || !Guid.TryParseExact(sender, "N", out var node))
        {
            return null;
        }

        return kind[0] switch
        {
            Watches when Ids(rest) is { } watched => new TurnNotice(node) { Watched = watched },
            Ends when Guid.TryParseExact(rest, "N", out var turn) => new TurnNotice(node) { Ended = turn },
            Did when NoteOf(rest) is { } note => new TurnNotice(node) { Note = note },
            _ => null,
        };
    }

    private static List<Guid>? Ids(string text)
    {
        var ids = new List<Guid>();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Guid.TryParseExact(part, "N", out var id))
            {
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }

    private static TurnNote? NoteOf(string text) =>
        text.Split(' ', 7) is [var organization, var conversation, var turn, var depth, var kind, var agent, var said]
        && Guid.TryParseExact(organization, "N", out var organizationId) && Guid.TryParseExact(conversation, "N", out var conversationId) && Guid.TryParseExact(turn, "N", out var turnId)
        && int.TryParse(depth, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
        && int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((TurnNoteKind)number)
            ? new TurnNote(organizationId, conversationId, turnId, agent, level, (TurnNoteKind)number, said)
            : null;
}
