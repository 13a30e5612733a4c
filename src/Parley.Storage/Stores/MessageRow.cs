using System.Text.Json;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core;

namespace Parley.Storage.Stores;

/// <summary>A message with the kind and name of its conversation, as every query of messages selects it.</summary>
internal static class MessageRow
{
    public const string Columns =
        """
        m.id, m.organization_id, m.conversation_id, c.kind, m.number, m.project_id, c.name, m.sender_kind, m.sender_id, m.sender_name, m.sender_type, m.session_id,
        m.peer_agent_id, m.type, m.content, m.metadata, m.mentions, m.parent_id, m.root_id, m.depth, m.key, m.reply_by, m.expires_at, m.withheld, m.verdict,
        m.credits_left, m.window_reset_at, m.not_before, m.created_at
        """;

    public const int Count = 29;

    public const string From = "messages m join conversations c on c.id = m.conversation_id";

    public static Message Read(Row row)
    {
        var kind = Names<ConversationKind>.Parse(row.Text(3));
        return new Message
        {
            Id = row.Guid(0),
            OrganizationId = row.Guid(1),
            ConversationId = row.Guid(2),
            ConversationKind = kind,
            Number = row.Long(4),
            ProjectId = row.GuidOrNull(5),
            Channel = kind == ConversationKind.Channel ? row.Text(6) : null,
            SenderKind = Names<CallerKind>.Parse(row.Text(7)),
            SenderId = row.Guid(8),
            SenderName = row.Text(9),
            SenderType = row.Text(10),
            SessionId = row.GuidOrNull(11),
            PeerAgentId = row.GuidOrNull(12),
            Type = Names<MessageType>.Parse(row.Text(13)),
            Content = row.Text(14),
            Metadata = row.Text(15),
            Mentions = ReadList(row.Text(16)),
            ParentId = row.GuidOrNull(17),
            RootId = row.Guid(18),
            Depth = row.Int(19),
            Key = row.TextOrNull(20),
            ReplyBy = row.TimeOrNull(21),
            ExpiresAt = row.TimeOrNull(22),
            Withheld = Names<Withheld>.Parse(row.Text(23)),
            Verdict = Names<Verdict>.Parse(row.Text(24)),
            CreditsLeft = row.IntOrNull(25),
            WindowResetAt = row.TimeOrNull(26),
            NotBefore = row.TimeOrNull(27),
            CreatedAt = row.Time(28),
        };
    }

    public static string WriteList(IReadOnlyList<string> list) => list.Count == 0 ? "[]" : JsonSerializer.Serialize(list);

    public static string[] ReadList(string json) => json == "[]" ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];
}
