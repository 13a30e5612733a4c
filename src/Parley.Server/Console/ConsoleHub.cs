using System.Collections.Concurrent;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Server.Live;

namespace Parley.Server.Console;

/// <summary>Tells the consoles of an organization where something is new. Hints only: a console reads what it shows from the API, and also looks by itself.</summary>
internal sealed class ConsoleHub(TimeProvider time) : IWakeListener, ITurnWatch
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<Guid, (string Tool, DateTimeOffset At)> tools = new();
    private readonly ConcurrentDictionary<IConsoleViewer, byte> viewers = new();

    public void Add(IConsoleViewer viewer) => viewers[viewer] = 0;

    public void Remove(IConsoleViewer viewer) => viewers.TryRemove(viewer, out _);

    /// <summary>The tool that a turn of this node called last, or null.</summary>
    public string? ToolOf(Guid turnId) => tools.TryGetValue(turnId, out var called) && time.GetUtcNow() - called.At < LongestTurn ? called.Tool : null;

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        if (viewers.IsEmpty)
        {
            return;
        }

        foreach (var (viewer, _) in viewers)
        {
            if (viewer.OrganizationId == hint.OrganizationId)
            {
                viewer.Changed(hint.Message?.ConversationId ?? hint.ConversationId);
            }
        }
    }

    /// <inheritdoc/>
    public void Note(TurnNote note)
    {
        if (note.Kind == TurnNoteKind.Text)
        {
            return;
        }

        Remember(note);
        foreach (var (viewer, _) in viewers)
        {
            if (viewer.OrganizationId == note.OrganizationId)
            {
                viewer.Turned();
            }
        }
    }

    private void Remember(TurnNote note)
    {
        switch (note.Kind)
        {
            case TurnNoteKind.Tool:
                tools[note.TurnId] = (note.Text, time.GetUtcNow());
                break;
            case TurnNoteKind.Answered or TurnNoteKind.Passed or TurnNoteKind.Ended:
                tools.TryRemove(note.TurnId, out _);
                break;
            default:
                break;
        }
    }
}

/// <summary>A console that is open.</summary>
internal interface IConsoleViewer
{
    /// <summary>The tenant.</summary>
    Guid OrganizationId { get; }

    /// <summary>Something is new in a conversation; an empty id where it is not known which. Returns at once.</summary>
    void Changed(Guid conversationId);

    /// <summary>A turn began, went on or ended. Returns at once.</summary>
    void Turned();
}
