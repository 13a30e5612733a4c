using Parley.Storage;

namespace Parley.EndToEnd.Tests.Crash;

internal sealed record StoredMessage(Guid Id, Guid Conversation, long Number, string Sender, string? Key, string Content, string Kind);

internal sealed record StoredDelivery(Guid Message, string Agent, long? Number, string State, Guid? Link, long Turn);

internal sealed record StoredInbox(string Agent, long Head, long Cursor);

internal sealed record StoredLink(Guid Id, long Quota, bool Hold, long Credits, long Waiting);

/// <summary>What stands in the database, read without the server.</summary>
internal sealed record StoredState(
    IReadOnlyList<StoredMessage> Messages, IReadOnlyList<StoredDelivery> Deliveries, IReadOnlyDictionary<Guid, long> Heads, IReadOnlyList<StoredInbox> Inboxes, IReadOnlyList<StoredLink> Links)
{
    public static async Task<StoredState> ReadAsync(StorageOptions options)
    {
        await using var database = await Database.OpenAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        return await database.Engine.ReadAsync(ReadAsync, TestContext.Current.CancellationToken);
    }

    private static async ValueTask<StoredState> ReadAsync(Session session) => new(
        await session.ListAsync(
            "select m.id, m.conversation_id, m.number, m.sender_name, m.key, m.content, c.kind from messages m join conversations c on c.id = m.conversation_id",
            row => new StoredMessage(row.Guid(0), row.Guid(1), row.Long(2), row.Text(3), row.TextOrNull(4), row.Text(5), row.Text(6))),
        await session.ListAsync(
            "select d.message_id, a.name, d.number, d.state, d.link_id, d.turn from deliveries d join agents a on a.id = d.agent_id",
            row => new StoredDelivery(row.Guid(0), row.Text(1), row.LongOrNull(2), row.Text(3), row.GuidOrNull(4), row.Long(5))),
        (await session.ListAsync("select id, head from conversations", row => (Id: row.Guid(0), Head: row.Long(1)))).ToDictionary(conversation => conversation.Id, conversation => conversation.Head),
        await session.ListAsync("select a.name, i.head, i.cursor from inboxes i join agents a on a.id = i.agent_id", row => new StoredInbox(row.Text(0), row.Long(1), row.Long(2))),
        await session.ListAsync(
            "select l.id, l.messages_per_window, l.hold, s.credits_remaining, s.waiting from links l join link_states s on s.link_id = l.id",
            row => new StoredLink(row.Guid(0), row.Long(1), row.Bool(2), row.Long(3), row.Long(4))));
}
