using System.Collections.Concurrent;
using System.Text;
using Parley.Core;
using Parley.Core.Turns;

namespace Parley.Server.Live;

/// <summary>Who watches the turns of a conversation.</summary>
internal interface ITurnViewer
{
    /// <summary>Takes a note. Returns at once.</summary>
    void Take(TurnNote note);
}

/// <summary>Hands what turns of this node do to those who watch a conversation, and remembers what the running ones have said so far for those who come later.</summary>
internal sealed class TurnHub(TimeProvider time) : ITurnWatch, ITurnAudience
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<Guid, Room> rooms = new();

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public IReadOnlyCollection<Guid> Watched => [.. rooms.Where(room => room.Value.IsWatched).Select(room => room.Key)];

    /// <inheritdoc/>
    public IReadOnlyList<TurnNote> SoFar(Guid conversationId) => rooms.TryGetValue(conversationId, out var room) ? room.SoFar() : [];

    /// <inheritdoc/>
    public void Show(TurnNote note) => Note(note);

    /// <inheritdoc/>
    public void Note(TurnNote note)
    {
        if (note.ConversationId is not { } id)
        {
            return;
        }

        // A room that was just emptied is left behind; its place has a new one.
        while (!rooms.GetOrAdd(id, static _ => new Room()).Note(note, time.GetUtcNow()))
        {
            rooms.TryRemove(id, out _);
        }

        Sweep(id);
    }

    /// <summary>Adds a viewer and hands it what the running turns said so far.</summary>
    public void Add(Guid conversationId, ITurnViewer viewer)
    {
        while (!rooms.GetOrAdd(conversationId, static _ => new Room()).Add(viewer, time.GetUtcNow()))
        {
            rooms.TryRemove(conversationId, out _);
        }

        Changed?.Invoke();
    }

    /// <summary>Removes a viewer.</summary>
    public void Remove(Guid conversationId, ITurnViewer viewer)
    {
        if (rooms.TryGetValue(conversationId, out var room))
        {
            room.Remove(viewer);
            Sweep(conversationId);
            Changed?.Invoke();
        }
    }

    private void Sweep(Guid id)
    {
        if (rooms.TryGetValue(id, out var room) && room.CloseIfEmpty())
        {
            rooms.TryRemove(KeyValuePair.Create(id, room));
        }
    }

    private sealed class Room
    {
        private readonly Lock gate = new();
        private readonly List<ITurnViewer> viewers = [];
        private readonly Dictionary<Guid, Running> running = [];
        private bool closed;

        public bool IsWatched
        {
            get
            {
                lock (gate)
                {
                    return viewers.Count > 0;
                }
            }
        }

        public List<TurnNote> SoFar()
        {
            lock (gate)
            {
                return [.. running.Values.SelectMany(turn => turn.Said.Length == 0 ? [turn.Started] : new[] { turn.Started, turn.Started with { Kind = TurnNoteKind.Text, Text = turn.Said.ToString() } })];
            }
        }

        public bool Note(TurnNote note, DateTimeOffset now)
        {
            lock (gate)
            {
                if (closed)
                {
                    return false;
                }

                Remember(note, now);
                foreach (var viewer in viewers)
                {
                    viewer.Take(note);
                }

                return true;
            }
        }

        public bool Add(ITurnViewer viewer, DateTimeOffset now)
        {
            lock (gate)
            {
                if (closed)
                {
                    return false;
                }

                foreach (var (turn, _) in running.Where(pair => now - pair.Value.Since > LongestTurn).ToList())
                {
                    running.Remove(turn);
                }

                viewers.Add(viewer);
                foreach (var note in SoFar())
                {
                    viewer.Take(note);
                }

                return true;
            }
        }

        public void Remove(ITurnViewer viewer)
        {
            lock (gate)
            {
                viewers.Remove(viewer);
            }
        }

        public bool CloseIfEmpty()
        {
            lock (gate)
            {
                closed |= viewers.Count == 0 && running.Count == 0;
                return closed;
            }
        }

        private void Remember(TurnNote note, DateTimeOffset now)
        {
            switch (note.Kind)
            {
                case TurnNoteKind.Started:
                    running[note.TurnId] = new Running(note, new StringBuilder(), now);
                    break;
                case TurnNoteKind.Text when running.GetValueOrDefault(note.TurnId) is { } turn && turn.Said.Length + note.Text.Length <= Limits.ContentBytes:
                    turn.Said.Append(note.Text);
                    break;
                case TurnNoteKind.Answered or TurnNoteKind.Passed or TurnNoteKind.Ended:
                    running.Remove(note.TurnId);
                    break;
                default:
                    break;
            }
        }

        private sealed record Running(TurnNote Started, StringBuilder Said, DateTimeOffset Since);
    }
}
