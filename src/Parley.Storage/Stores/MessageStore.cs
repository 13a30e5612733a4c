using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Parley.Core;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Storage.Stores;

internal sealed class MessageStore(Session session) : IMessageStore
{
    /// <summary>The last one that was added, or null.</summary>
    public Guid? Last { get; private set; }

    public void Append(Message message)
    {
        Last = message.Id;
        Insert(message);
        if (message is { ConversationKind: ConversationKind.Chat, Withheld: Withheld.No } && !session.Dialect.IsPostgres)
        {
            NumberInChat(message);
        }
    }

    /// <summary>The id and time under which <c>agent_chat</c> shows it, both above all before it. On PostgreSQL, where others insert too, a trigger gives them.</summary>
    private void NumberInChat(Message message)
    {
        session.Queue(
            "update conversations set chat_id = max(chat_id + 1, $2), chat_at = max(chat_at + 1, $3) where id = $1", message.ConversationId, message.Number, message.CreatedAt);
        session.Queue(
            "update messages set (chat_id, chat_at) = (select c.chat_id, c.chat_at from conversations c where c.id = $2) where id = $1", message.Id, message.ConversationId);
    }

    private void Insert(Message message) => session.Queue(
        """
        insert into messages (id, organization_id, conversation_id, number, project_id, sender_kind, sender_id, sender_name, sender_type, session_id, peer_agent_id, type,
            content, metadata, mentions, parent_id, root_id, depth, key, reply_by, expires_at, withheld, verdict, credits_left, window_reset_at, not_before, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
        """,
        message.Id, message.OrganizationId, message.ConversationId, message.Number, message.ProjectId, Names<CallerKind>.Of(message.SenderKind), message.SenderId,
        message.SenderName, message.SenderType, message.SessionId, message.PeerAgentId, Names<MessageType>.Of(message.Type), message.Content,
        message.Metadata, MessageRow.WriteList(message.Mentions), message.ParentId,
        message.RootId, message.Depth, message.Key, message.ReplyBy, message.ExpiresAt, Names<Withheld>.Of(message.Withheld), Names<Verdict>.Of(message.Verdict),
        message.CreditsLeft, message.WindowResetAt, message.NotBefore, message.CreatedAt);

    public ValueTask<Message?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {MessageRow.Columns} from {MessageRow.From} where m.id = $1 and m.organization_id = $2", MessageRow.Read, id, organizationId);

    public ValueTask<Message?> FindByKeyAsync(Guid senderId, string key) =>
        session.FirstAsync($"select {MessageRow.Columns} from {MessageRow.From} where m.sender_id = $1 and m.key = $2", MessageRow.Read, senderId, key);

    public async ValueTask<bool> WasSentAsync(Guid id, string content) =>
        await session.FirstAsync("select 1 from messages where id = $1 and sent_hash = $2", row => row.Long(0), id, HashOf(content)) == 1;

    // Walks back only as far as the time goes; a link's quota bounds how many that are.
    public ValueTask<Message?> FindTwinAsync(Guid conversationId, Guid senderId, string content, DateTimeOffset since, DateTimeOffset until) => session.FirstAsync(
        $"""
        select {MessageRow.Columns} from {MessageRow.From}
        where m.conversation_id = $1 and m.sender_id = $2 and m.content = $3 and m.key is null and m.created_at > $4 and m.created_at <= $5
            and m.number > coalesce((select b.number from messages b where b.conversation_id = $1 and b.created_at <= $4 order by b.number desc limit 1), 0)
        order by m.number limit 1
        """,
        MessageRow.Read, conversationId, senderId, content, since, until);

    public ValueTask<List<Message>> PageAsync(HistoryQuery query)
    {
        var (sql, args) = new MessageQuery(session.Dialect).Build(query);
        return session.ListAsync(sql, MessageRow.Read, args);
    }

    // Ids begin with the time, so that only what is counted is read.
    public ValueTask<List<MessageCount>> CountAsync(Guid organizationId, DateTimeOffset since, TimeSpan step) => session.ListAsync(
        "select created_at / $4, count(*) from messages where id >= $2 and organization_id = $1 and created_at >= $3 group by 1 order by 1",
        row => new MessageCount(row.Long(0), row.Int(1)), organizationId, FirstOf(since), since, step.Ticks / TimeSpan.TicksPerMicrosecond);

    private static Guid FirstOf(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    public ValueTask<int> IndexAsync(int limit) => new SearchIndex(session).CatchUpAsync(limit);

    public async ValueTask ReleaseAsync(Guid id, Withheld withheld, string? editedContent)
    {
        session.Queue("update messages set withheld = $2 where id = $1 and withheld <> 'no'", id, Names<Withheld>.Of(withheld));
        if (editedContent is not null)
        {
            await new SearchIndex(session).ForgetAsync(id);
            // What was sent stays known, for a repetition of its key.
            var sent = await session.FirstAsync("select content from messages where id = $1", row => row.Text(0), id);
            session.Queue("update messages set content = $2, sent_hash = $3 where id = $1", id, editedContent, HashOf(sent!));
            await new SearchIndex(session).AddAsync(id);
        }
    }

    public async ValueTask<List<Message>> HeldAsync(Guid organizationId, int limit, Guid? conversationId)
    {
        var held = $"select {MessageRow.Columns} from {MessageRow.From} where m.organization_id = $1 and m.withheld = 'held'";
        var found = conversationId is { } one
            ? await session.ListAsync($"{held} and m.conversation_id = $3 order by m.id limit $2", MessageRow.Read, organizationId, limit, one)
            : await session.ListAsync($"{held} order by m.id limit $2", MessageRow.Read, organizationId, limit);
        // Ids, which the index has, are in the order of milliseconds only.
        return [.. found.OrderBy(message => message.CreatedAt).ThenBy(message => message.Id)];
    }

    /// <summary>Enough bits that only a text crafted for it collides.</summary>
    private static long HashOf(string content) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
