using System.Text.Json;
using Parley.Client.Wire;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Server.Mapping;

/// <summary>Messages, sends and deliveries on the wire.</summary>
internal static class MessageMapping
{
    private static readonly JsonElement NoMetadata = JsonElement.Parse("{}");

    public static SendInput ToInput(SendRequest request, string? key = null) => new()
    {
        To = request.To,
        Project = request.Project,
        Type = request.Type,
        Content = request.Content,
        Metadata = request.Metadata,
        Mentions = request.Mentions,
        AgentType = request.AgentType,
        SessionId = request.SessionId,
        Key = request.Key ?? key,
        ReplyTo = request.ReplyTo,
        ReplyBy = request.ReplyBy,
        TimeToLive = Seconds.ToTime(request.Ttl, "ttl"),
    };

    public static SendResponse ToResponse(SendReceipt receipt)
    {
        var message = receipt.Message;
        return new SendResponse
        {
            Verdict = WireNames.Of(message.Verdict),
            Duplicate = receipt.Duplicate,
            MessageId = message.Id,
            ConversationId = message.ConversationId,
            Number = message.Number,
            Deliveries = receipt.Deliveries.Count == 0
                ? []
                : [.. receipt.Deliveries.Select(delivery => new DeliveryOutcome(DeliveryId(message.Id, delivery.Recipient), delivery.Recipient, WireNames.Of(delivery.State), delivery.NotBefore))],
            DeliveryCount = receipt.DeliveryCount,
            CreditsLeft = message.CreditsLeft,
            WindowResetAt = message.WindowResetAt,
            NotBefore = message.NotBefore,
            Durability = receipt.Durability,
            CreatedAt = message.CreatedAt,
        };
    }

    public static MessageView ToView(InboxItem item, string epoch) => ToView(item.Message) with
    {
        InboxNumber = item.Number,
        Cursor = new Cursor(epoch, item.Number).ToString(),
        State = WireNames.Of(item.State),
        Attempts = item.Attempts,
    };

    public static MessageView ToView(Message message)
    {
        var type = WireNames.Of(message.Type);
        return new MessageView
        {
            Id = message.Id,
            Type = type,
            MessageType = type,
            Content = message.Withheld != Withheld.No && message.Content.Length == 0 ? null : message.Content,
            Metadata = message.Metadata == "{}" ? NoMetadata : JsonElement.Parse(message.Metadata),
            From = message.SenderName,
            FromKind = WireNames.Of(message.SenderKind),
            SenderAgentId = message.SenderName,
            SenderAgentType = message.SenderType,
            SenderSessionId = message.SessionId,
            AgentType = message.SenderType,
            ProjectId = message.ProjectId,
            Channel = message.Channel,
            ConversationId = message.ConversationId,
            ConversationKind = WireNames.Of(message.ConversationKind),
            Number = message.Number,
            IsPeerDm = message.PeerAgentId is not null,
            Mentions = message.Mentions,
            ReplyTo = message.ParentId,
            RootId = message.RootId,
            Depth = message.Depth,
            ReplyBy = message.ReplyBy,
            ExpiresAt = message.ExpiresAt,
            Withheld = WireNames.Of(message.Withheld),
            Chain = message.ConversationKind == ConversationKind.Meeting ? MeetingMapping.ToView(Core.Meetings.Chain.Of(message)) : null,
            CreatedAt = message.CreatedAt,
        };
    }

    public static MessageStatus ToStatus(DeliveriesView view) => new(
        view.Message.Id, WireNames.Of(view.Message.Verdict), WireNames.Of(view.Message.Withheld), [.. view.Deliveries.Select(ToView)], view.Count);

    public static DeliveryView ToView(Delivery delivery) => new()
    {
        DeliveryId = DeliveryId(delivery.MessageId, delivery.AgentName),
        Recipient = delivery.AgentName,
        State = WireNames.Of(delivery.State),
        Attempts = delivery.Attempts,
        Reason = delivery.Reason,
        NotBefore = delivery.NotBefore,
        ExpiresAt = delivery.ExpiresAt,
        Changes = Changes(delivery),
    };

    private static string DeliveryId(Guid messageId, string recipient) => $"{messageId}:{recipient}";

    private static List<StateChange> Changes(Delivery delivery)
    {
        var changes = new List<StateChange> { new("accepted", delivery.AcceptedAt) };
        Add(DeliveryState.Pending, delivery.ReleasedAt);
        Add(DeliveryState.Offered, delivery.OfferedAt);
        Add(DeliveryState.Acknowledged, delivery.AcknowledgedAt);
        Add(DeliveryState.Replied, delivery.RepliedAt);
        Add(delivery.State, delivery.EndedAt);
        return [.. changes.OrderBy(change => change.At)];

        void Add(DeliveryState state, DateTimeOffset? at)
        {
            if (at is { } time)
            {
                changes.Add(new StateChange(WireNames.Of(state), time));
            }
        }
    }
}
