using Parley.Core.Conversations;

namespace Parley.Core.Messages;

/// <summary>Finds the message that a send repeats.</summary>
internal static class Repetition
{
    /// <summary>
    /// The message that was sent with the draft's key, or null. It is found before the route, because the first answer stands whether or not the
    /// recipient can still be reached. Throws <c>key_reused</c> where it had another content or recipient.
    /// </summary>
    public static async ValueTask<Message?> ByKeyAsync(IUnitOfWork unit, Caller caller, Draft draft)
    {
        if (draft.Key is null || await unit.Messages.FindByKeyAsync(caller.Id, draft.Key) is not { } first)
        {
            return null;
        }

        // A person may have edited the text meanwhile; what counts is what the sender sent.
        var sent = first.Content != draft.Content && await unit.Messages.WasSentAsync(first.Id, draft.Content) ? first with { Content = draft.Content } : first;
        // The keys of a turn are Parley's own: one is never used for another recipient.
        return SendRules.IsSame(sent, draft) && (caller.Origin is not null || await IsSameTargetAsync(unit, first, draft))
            ? first
            : throw new ParleyError(ErrorCode.KeyReused, "That key was used before for another recipient.", "Use a new key for a new message.");
    }

    /// <summary>The sender's message with the same text and metadata to the same peer within the link's debounce time, or null.</summary>
    public static async ValueTask<Message?> ByTextAsync(IUnitOfWork unit, Caller caller, Draft draft, Route route, DateTimeOffset now) =>
        draft.Key is null && route is { Conversation.Kind: ConversationKind.Direct, Recipients: [{ Link: { } link }] } && SendRules.TwinsSince(link.Settings, now) is { } since
            && await unit.Messages.FindTwinAsync(route.Conversation.Id, caller.Id, draft.Content, since, now) is { } twin && twin.Metadata == draft.Metadata
            ? twin
            : null;

    private static async ValueTask<bool> IsSameTargetAsync(IUnitOfWork unit, Message first, Draft draft)
    {
        switch (first.ConversationKind)
        {
            case ConversationKind.Channel:
                var channel = (draft.To ?? "#" + Conversation.DefaultChannel).ToLowerInvariant();
                return channel == "#" + first.Channel
                    && (draft.Project is null || (await unit.Organizations.FindProjectAsync(first.OrganizationId, draft.Project))?.Id == first.ProjectId);
            case ConversationKind.Chat:
                return draft.To == Router.ChatAddress;
            case ConversationKind.Meeting:
                var meeting = draft.To?.Split(':', 2).ElementAtOrDefault(1)?.Trim();
                return string.Equals(meeting, first.ConversationId.ToString(), StringComparison.OrdinalIgnoreCase)
                    || string.Equals(meeting, (await unit.Conversations.FindAsync(first.OrganizationId, first.ConversationId))?.Name, StringComparison.OrdinalIgnoreCase);
            case ConversationKind.Session:
                // The log of a session is called by its key, which ends with the id of the address.
                var session = draft.To?.Split(':', 2).ElementAtOrDefault(1)?.Trim();
                return session is { Length: > 0 } && (await unit.Conversations.FindAsync(first.OrganizationId, first.ConversationId))?.Name.EndsWith(":" + session, StringComparison.OrdinalIgnoreCase) is true;
            default:
                var name = draft.To?.TrimStart('@').ToLowerInvariant() ?? "";
                var to = await unit.Deliveries.OfMessageAsync(first.Id, 1);
                return to.Exists(delivery => delivery.AgentName == name) || (await unit.Agents.FindAsync(first.OrganizationId, name) is { } agent && to.Exists(delivery => delivery.AgentId == agent.Id));
        }
    }
}
