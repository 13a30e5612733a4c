using Parley.Core.Conversations;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>What became of a message.</summary>
/// <param name="Message">The message, with its text withheld where the reader may not see it yet.</param>
/// <param name="Deliveries">Its deliveries, as far as the reader may know them; at most 500.</param>
/// <param name="Count">How many deliveries there are.</param>
public sealed record DeliveriesView(Message Message, IReadOnlyList<Delivery> Deliveries, int Count);

/// <summary>Reads what was said: persons everything of their organization, agents the conversations they are members of.</summary>
public sealed class ReadMessages(IDatabase database, IndexMessages index)
{
    /// <summary>One message. Throws <c>not_found</c> for what does not exist or is not the reader's to know.</summary>
    public Task<Message> FindAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => VisibleAsync(unit, caller, id), cancellationToken);
    }

    /// <summary>The states of a message's deliveries: all for its sender and for persons, its own for a recipient.</summary>
    public Task<DeliveriesView> DeliveriesAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var message = await VisibleAsync(unit, caller, id);
                if (!caller.IsAgent || message.SenderId == caller.Id)
                {
                    return new DeliveriesView(message, await unit.Deliveries.OfMessageAsync(id, Limits.PageRows), await unit.Deliveries.CountAsync(id));
                }

                var own = await unit.Deliveries.FindAsync(id, caller.Id);
                return new DeliveriesView(message, own is null ? [] : [own], own is null ? 0 : 1);
            },
            cancellationToken);
    }

    /// <summary>A page of messages. The query's organization and reader are those of the caller, whatever it says.</summary>
    public async Task<List<Message>> PageAsync(Caller caller, HistoryQuery query, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        if (Draft.Unstorable(query.Text ?? "") || Draft.Unstorable(query.Sender ?? ""))
        {
            throw ParleyError.Invalid(query.Text is null ? "sender" : "q", "The text has a NUL character or half a surrogate pair.", "Send valid Unicode text.");
        }

        if (query.Text is not null)
        {
            await index.CatchUpAsync(cancellationToken);
        }

        var own = query with { OrganizationId = caller.OrganizationId, ReaderAgentId = caller.IsAgent ? caller.Id : null };
        var page = await database.ReadAsync(
            async unit =>
            {
                if (query.ConversationId is { } id && !await MayReadAsync(unit, caller, id))
                {
                    throw ParleyError.NotFound("conversation");
                }

                return await unit.Messages.PageAsync(own);
            },
            cancellationToken);
        return page.ConvertAll(message => Shown(message, caller));
    }

    /// <summary>The conversations that the caller may read.</summary>
    public Task<List<Conversation>> ConversationsAsync(Caller caller, int limit, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            unit => unit.Conversations.ListAsync(caller.OrganizationId, caller.IsAgent ? caller.Id : null, Math.Clamp(limit, 1, Limits.PageRows)), cancellationToken);
    }

    /// <summary>The conversation of two agents, or of the caller and an agent. Throws <c>not_found</c>.</summary>
    public Task<Conversation> DirectAsync(Caller caller, string agent, string? other, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var one = await NamedAsync(unit, caller, agent);
                var two = other is null || caller.IsAgent ? caller.Id : await NamedAsync(unit, caller, other);
                return one is { } first && two is { } second && first != second
                    ? await unit.Conversations.FindDirectAsync(caller.OrganizationId, Conversation.KeyOf(first, second)) ?? throw ParleyError.NotFound("conversation")
                    : throw ParleyError.NotFound("conversation");
            },
            cancellationToken);
    }

    /// <summary>The text of a message that waits is shown to its sender and to persons only.</summary>
    internal static Message Shown(Message message, Caller caller) =>
        message.Withheld == Withheld.No || !caller.IsAgent || message.SenderId == caller.Id
            ? message
            : message with { Content = "", Metadata = "{}", Mentions = [], Key = null };

    private static async ValueTask<Guid?> NamedAsync(IUnitOfWork unit, Caller caller, string name) =>
        name.TrimStart('@').ToLowerInvariant() is var valid && Name.HasForm(valid) ? (await unit.Agents.FindAsync(caller.OrganizationId, valid))?.Id : null;

    private static async ValueTask<Message> VisibleAsync(IUnitOfWork unit, Caller caller, Guid id)
    {
        var message = await unit.Messages.FindAsync(caller.OrganizationId, id);
        var visible = message is not null
            && (!caller.IsAgent || message.SenderId == caller.Id || await unit.Deliveries.FindAsync(id, caller.Id) is { Number: not null } || await MayReadAsync(unit, caller, message.ConversationId));
        return visible ? Shown(message!, caller) : throw ParleyError.NotFound("message");
    }

    private static async ValueTask<bool> MayReadAsync(IUnitOfWork unit, Caller caller, Guid conversationId) =>
        await unit.Conversations.FindAsync(caller.OrganizationId, conversationId) is { } conversation
        && (!caller.IsAgent || conversation.Kind == ConversationKind.Chat || await unit.Conversations.IsMemberAsync(conversationId, caller.Id));
}
