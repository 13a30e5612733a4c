using System.Collections.Concurrent;
using Parley.Core.Turns;

namespace Parley.Storage.Postgres;

/// <summary>
/// Shows turns of this node to those who watch their conversation on another one, and stops turns that were ended there. Nothing is told of a conversation that nobody watches
/// elsewhere. A hint: what counts is stored, and who begins to watch is told what was said so far.
/// </summary>
public sealed class NodeTurns(ITurnAudience audience, IReadOnlyList<ITurnStop> stops, string connectionString, TimeProvider time) : ITurnWatch, ITurnStop
{
    private const string Channel = "parley_turns";
    private const int MostWaiting = 5_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(5);
    private readonly Guid node = Guid.NewGuid();
    private readonly ConcurrentDictionary<(Guid Node, Guid Conversation), long> elsewhere = new();
    private readonly ConcurrentDictionary<Guid, Guid> mine = new();
    private readonly ConcurrentDictionary<Guid, TurnNote> theirs = new();
    private readonly Lock gate = new();
    private readonly List<TurnNotice> waiting = [];
    private readonly NoticeTeller teller = new(connectionString, Channel, Rest, Repeat, time);

    /// <inheritdoc/>
    public void Note(TurnNote note)
    {
        if (note.ConversationId is not { } conversation)
        {
            return;
        }

        if (note.Kind == TurnNoteKind.Started)
        {
            mine[note.TurnId] = conversation;
        }
        else if (note.Kind is TurnNoteKind.Answered or TurnNoteKind.Passed or TurnNoteKind.Ended)
        {
            mine.TryRemove(note.TurnId, out _);
        }

        if (IsWatched(conversation))
        {
            Tell(note);
        }
    }

    /// <inheritdoc/>
    public void Stop(Guid turnId)
    {
        if (!mine.ContainsKey(turnId))
        {
            Add(new TurnNotice(node) { Ended = turnId });
        }
    }

    /// <summary>Tells and listens until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        audience.Changed += Announce;
        try
        {
            await Task.WhenAll(new NoticeListener(connectionString, Channel, time).RunAsync(Hear, cancellationToken), teller.RunAsync(Take, cancellationToken));
        }
        finally
        {
            audience.Changed -= Announce;
        }
    }

    private bool IsWatched(Guid conversation) => elsewhere.Any(entry => entry.Key.Conversation == conversation && time.GetElapsedTime(entry.Value) < 3 * Repeat);

    private void Tell(TurnNote note)
    {
        foreach (var piece in TurnNotice.Pieces(note.Text))
        {
            Add(new TurnNotice(node) { Note = note with { Text = piece } });
        }
    }

    private void Announce()
    {
        var watched = audience.Watched;
        foreach (var (turn, note) in theirs.Where(entry => !watched.Contains(entry.Value.ConversationId!.Value)))
        {
            // Its end will not be heard here any more.
            theirs.TryRemove(turn, out _);
            audience.Show(note with { Kind = TurnNoteKind.Ended, Text = "" });
        }

        foreach (var part in watched.Chunk(TurnNotice.MostWatched))
        {
            Add(new TurnNotice(node) { Watched = part });
        }
    }

    private void Hear(string? notice)
    {
        if (notice is null)
        {
            Announce();
            return;
        }

        if (TurnNotice.Parse(notice) is not { } told || told.Node == node)
        {
            return;
        }

        if (told.Watched is { } conversations)
        {
            foreach (var conversation in conversations)
            {
                Watch(told.Node, conversation);
            }
        }
        else if (told.Ended is { } turn)
        {
            foreach (var stop in stops)
            {
                stop.Stop(turn);
            }
        }
        else if (told.Note is { } note && audience.Watched.Contains(note.ConversationId!.Value))
        {
            Show(note);
        }
    }

    private void Watch(Guid other, Guid conversation)
    {
        var before = elsewhere.GetValueOrDefault((other, conversation));
        elsewhere[(other, conversation)] = time.GetTimestamp();
        if (before == 0 || time.GetElapsedTime(before) > 3 * Repeat)
        {
            foreach (var note in audience.SoFar(conversation).Where(note => mine.ContainsKey(note.TurnId)))
            {
                Tell(note);
            }
        }
    }

    private void Show(TurnNote note)
    {
        if (note.Kind is TurnNoteKind.Answered or TurnNoteKind.Passed or TurnNoteKind.Ended)
        {
            theirs.TryRemove(note.TurnId, out _);
        }
        else
        {
            theirs[note.TurnId] = note with { Text = "" };
        }

        audience.Show(note);
    }

    /// <summary>Pieces of one text that wait together travel together.</summary>
    private void Add(TurnNotice notice)
    {
        lock (gate)
        {
            if (notice.Note is { Kind: TurnNoteKind.Text } next && waiting is [.., { Note: { Kind: TurnNoteKind.Text } last }] && last.TurnId == next.TurnId
                && 4 * (last.Text.Length + next.Text.Length) <= TurnNotice.MostText)
            {
                waiting[^1] = notice with { Note = next with { Text = last.Text + next.Text } };
            }
            else if (waiting.Count < MostWaiting)
            {
                waiting.Add(notice);
            }

            teller.Set();
        }
    }

    /// <summary>Where nothing came up it is time to say again what is watched here.</summary>
    private List<string> Take(bool quiet)
    {
        if (quiet)
        {
            Announce();
        }

        lock (gate)
        {
            var notices = waiting.ConvertAll(notice => notice.ToString());
            waiting.Clear();
            return notices;
        }
    }
}
