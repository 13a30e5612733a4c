using Parley.Core;
using Parley.Server.Live;
using Parley.Server.Loops;

namespace Parley.Server.Mcp;

/// <summary>Wakes a stream when something was said where it listens.</summary>
internal sealed class ResourceHints(LiveConnections live, Caller caller, LoopSignal signal) : IInboxListener, IDisposable
{
    private readonly Dictionary<Guid, Room> rooms = [];
    private bool inbox;

    /// <inheritdoc/>
    public Caller Caller => caller;

    /// <summary>Listens to these, and to no others any more.</summary>
    public void Follow(IEnumerable<string> addresses)
    {
        var wanted = addresses.ToList();
        ListenToInbox(wanted.Contains(InboxResource.Uri));
        var ids = wanted.Select(ConversationResource.IdOf).OfType<Guid>().ToHashSet();
        foreach (var id in rooms.Keys.Where(id => !ids.Contains(id)).ToList())
        {
            live.Remove(rooms[id]);
            rooms.Remove(id);
        }

        foreach (var id in ids.Where(id => !rooms.ContainsKey(id)))
        {
            live.Add(rooms[id] = new Room(id, signal));
        }
    }

    /// <inheritdoc/>
    public bool Offer(long number, SharedFrame? frame)
    {
        signal.Set();
        return false;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // The stream reads by itself.
    }

    /// <inheritdoc/>
    public void Check(long head)
    {
        // The stream looks by itself more often than hints are lost.
    }

    public void Dispose() => Follow([]);

    private void ListenToInbox(bool wanted)
    {
        if (wanted && !inbox)
        {
            live.Add(this);
        }
        else if (!wanted && inbox)
        {
            live.Remove(this);
        }

        inbox = wanted;
    }

    private sealed class Room(Guid id, LoopSignal signal) : IConversationListener
    {
        public Guid ConversationId => id;

        public void Check() => signal.Set();
    }
}
