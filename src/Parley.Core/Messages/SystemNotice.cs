using Parley.Core.Agents;
using Parley.Core.Conversations;

namespace Parley.Core.Messages;

/// <summary>Writes what Parley itself has to say to an agent, in a conversation of the two.</summary>
public static class SystemNotice
{
    /// <summary>Appends a system message for one agent inside a unit of work and returns the place it got in the inbox.</summary>
    /// <param name="unit">The write that the notice is part of.</param>
    /// <param name="organizationId">The tenant.</param>
    /// <param name="agentId">The recipient.</param>
    /// <param name="kind">What it is about, for programs: <c>parley.notice</c> of the metadata.</param>
    /// <param name="text">The sentence.</param>
    /// <param name="about">The message it is about, or null.</param>
    /// <param name="now">The time of the write.</param>
    public static async ValueTask<InboxPosition> WriteAsync(
        IUnitOfWork unit, Guid organizationId, Guid agentId, string kind, string text, Guid? about, DateTimeOffset now)
    {
        var id = await AppendAsync(unit, await ConversationAsync(unit, organizationId, agentId, now), kind, text, about, now);
        var number = await unit.Deliveries.AddAsync(new Delivery { MessageId = id, AgentId = agentId, State = DeliveryState.Pending, AcceptedAt = now });
        return new InboxPosition(agentId, number);
    }

    /// <summary>
    /// Puts a system message into the place of an inbox that a delivery has left, so that whoever reads over it sees no hole but where it went. Behind the
    /// cursor it counts as acknowledged. The conversation is the one of <see cref="ConversationAsync"/>, locked before the inbox.
    /// </summary>
    internal static async ValueTask FillAsync(
        IUnitOfWork unit, Conversation conversation, InboxState inbox, long number, string kind, string text, Guid about, DateTimeOffset now)
    {
        var id = await AppendAsync(unit, conversation, kind, text, about, now);
        var passed = number <= inbox.Cursor;
        unit.Deliveries.Fill(new Delivery
        {
            MessageId = id,
            AgentId = inbox.AgentId,
            Number = number,
            State = passed ? DeliveryState.Acknowledged : DeliveryState.Pending,
            AcceptedAt = now,
            AcknowledgedAt = passed ? now : null,
        });
    }

    private static async ValueTask<Guid> AppendAsync(IUnitOfWork unit, Conversation conversation, string kind, string text, Guid? about, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        // A notice belongs to the chain of what it is about, so that an agent that is woken by it starts no new one.
        var chain = about is { } known ? await unit.Messages.FindAsync(conversation.OrganizationId, known) : null;
        unit.Messages.Append(new Message
        {
            Id = id,
            OrganizationId = conversation.OrganizationId,
            ConversationId = conversation.Id,
            ConversationKind = conversation.Kind,
            Number = await unit.Conversations.NextNumberAsync(conversation.Id),
            SenderKind = CallerKind.System,
            SenderId = Guid.Empty,
            SenderName = "parley",
            SenderType = "system",
            Type = MessageType.System,
            Content = text,
            Metadata = $$"""{"parley.notice":"{{kind}}"}""",
            ParentId = about,
            RootId = chain?.RootId ?? id,
            Depth = chain?.Depth ?? 0,
            Verdict = Verdict.Accepted,
            CreatedAt = now,
        });
        return id;
    }

    /// <summary>The conversation of Parley and an agent.</summary>
    internal static async ValueTask<Conversation> ConversationAsync(IUnitOfWork unit, Guid organizationId, Guid agentId, DateTimeOffset now)
    {
        var key = Conversation.KeyOf(Guid.Empty, agentId);
        if (await unit.Conversations.FindDirectAsync(organizationId, key) is { } existing)
        {
            return existing;
        }

        var conversation = new Conversation(Guid.CreateVersion7(now), organizationId, ConversationKind.Direct, ProjectId: null, "parley", key, Head: 0, now);
        unit.Conversations.Add(conversation);
        unit.Conversations.AddMember(conversation.Id, agentId, now);
        return conversation;
    }
}
