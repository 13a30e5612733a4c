using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Storage.Stores;

/// <summary>
/// Saves a write to PostgreSQL its round trips: where a message between two agents went before, its conversation and its link are locked, in this
/// order, together with the query that finds them. Once locked, the conversation's number is known here and needs no answer.
/// </summary>
internal sealed class PeerLocks(Session session, KnownPeers peers)
{
    private readonly Dictionary<Guid, Counter> conversations = [];
    private (Guid Sender, string Recipient, PeerRows Rows) route;
    private (Guid Sender, string Recipient, PeerRows Rows, Later<PeerRoute> Route) expected;
    private Later<LinkState>? state;

    /// <summary>Locks and asks for a route together with the next question, where a message went that way before: <see cref="FindAsync"/> then has its answer.</summary>
    public void Expect(string sql, Func<Row, PeerRoute> map, Guid organizationId, Guid senderId, string recipient)
    {
        if (Guess(senderId, recipient) is { } rows)
        {
            expected = (senderId, recipient, rows, session.Ahead(sql, map, senderId, organizationId, recipient));
        }
    }

    /// <summary>Finds the route. Throws <see cref="RunAgainException"/> where it is no longer the one that was locked.</summary>
    public async ValueTask<PeerRoute?> FindAsync(string sql, Func<Row, PeerRoute> map, Guid organizationId, Guid senderId, string recipient)
    {
        var known = expected is { Route.HasCome: true } && (expected.Sender, expected.Recipient) == (senderId, recipient);
        var guess = known ? expected.Rows : Guess(senderId, recipient);
        var found = known ? expected.Route.Value : await session.FirstAsync(sql, map, senderId, organizationId, recipient);
        var actual = found is { Conversation: { } conversation, Link: { } link, Recipient: not null } ? new PeerRows(conversation.Id, link.Id) : default;
        if (guess is not null && (guess != actual || state!.Value is null))
        {
            peers.Forget(senderId, recipient);
            throw new RunAgainException();
        }

        route = (senderId, recipient, actual);
        return found;
    }

    /// <summary>Locks a conversation, unless it is; the lock is there when the next statement is answered.</summary>
    public void LockConversation(Guid id)
    {
        if (!conversations.ContainsKey(id))
        {
            conversations[id] = new Counter(session.Ahead("select head from conversations where id = $1 for update", Head, id));
        }
    }

    /// <summary>The link's state, which is locked; null where it has to be read.</summary>
    public LinkState? State(Guid linkId) => state is not null && route.Rows.Link == linkId ? state.Value : null;

    /// <summary>A state was read and locked: the next message on the same way may guess it.</summary>
    public void Found(LinkState link)
    {
        if (route.Rows.Link == link.LinkId)
        {
            peers.Remember(route.Sender, route.Recipient, route.Rows);
        }
    }

    /// <summary>The next number of a conversation that is locked, or null.</summary>
    public long? NextNumber(Guid conversationId)
    {
        if (!conversations.TryGetValue(conversationId, out var counter) || !counter.Row.HasCome)
        {
            return null;
        }

        session.Queue("update conversations set head = head + 1 where id = $1", conversationId);
        return counter.Row.Value + ++counter.Raised;
    }

    /// <summary>The rows of the last message on this way, locked when the next statement is answered; null where none is known.</summary>
    private PeerRows? Guess(Guid senderId, string recipient)
    {
        var guess = peers.Find(senderId, recipient);
        if (guess is { } rows)
        {
            LockConversation(rows.Conversation);
            state = session.Ahead(LinkStore.LockState, LinkStore.State, rows.Link);
        }

        return guess;
    }

    private static long Head(Row row) => row.Long(0);

    private sealed class Counter(Later<long> row)
    {
        public Later<long> Row => row;

        public long Raised { get; set; }
    }
}
