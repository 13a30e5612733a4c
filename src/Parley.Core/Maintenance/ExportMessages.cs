using System.Runtime.CompilerServices;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Maintenance;

/// <summary>Which messages to export; whatever is null does not bound it.</summary>
/// <param name="ConversationId">One conversation.</param>
/// <param name="ProjectId">The channels of a project.</param>
/// <param name="Type">One type.</param>
/// <param name="Sender">One sender's name.</param>
/// <param name="Since">Accepted at that time or later.</param>
/// <param name="Until">Accepted before that time.</param>
public sealed record ExportFilter(
    Guid? ConversationId = null, Guid? ProjectId = null, MessageType? Type = null, string? Sender = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);

/// <summary>A message and what became of it.</summary>
public sealed record ExportedMessage(Message Message, IReadOnlyList<Delivery> Deliveries);

/// <summary>Gives out an organization's messages with their deliveries, the oldest first, in flat memory.</summary>
public sealed class ExportMessages(IDatabase database)
{
    private const int AtOnce = 100;

    /// <summary>
    /// Reads page by page, each in a snapshot of its own, so that no writer waits for it. Everything accepted before it began is in it exactly
    /// once, unless retention deletes it meanwhile; of what is accepted meanwhile nothing is promised. Each message's deliveries are those at the
    /// moment its page was read. Over all conversations, messages of one millisecond stand in any order; their numbers tell. Persons only, else
    /// <c>forbidden</c>. A foreign or unknown conversation is <c>not_found</c>.
    /// </summary>
    public IAsyncEnumerable<ExportedMessage> RunAsync(Caller caller, ExportFilter filter, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return PagesAsync(caller, filter, cancellationToken);
    }

    private async IAsyncEnumerable<ExportedMessage> PagesAsync(Caller caller, ExportFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(unit => LastAsync(unit, caller, filter), cancellationToken) is not { } last)
        {
            yield break;
        }

        var query = new HistoryQuery(
            caller.OrganizationId, filter.ConversationId, ReaderAgentId: null, filter.ProjectId, Type: filter.Type, Sender: filter.Sender, Since: filter.Since, Until: filter.Until, Limit: AtOnce);
        // In one conversation its numbers are the order and have the index; over all of them the ids.
        query = filter.ConversationId is null ? query with { AfterId = Guid.Empty, UpToId = last.Id } : query with { After = 0, Before = last.Number + 1 };
        List<ExportedMessage> page;
        do
        {
            page = await database.ReadAsync(unit => PageAsync(unit, query), cancellationToken);
            foreach (var message in page)
            {
                yield return message;
                query = filter.ConversationId is null ? query with { AfterId = message.Message.Id } : query with { After = message.Message.Number };
            }
        }
        while (page.Count == AtOnce);
    }

    private static async ValueTask<Message?> LastAsync(IUnitOfWork unit, Caller caller, ExportFilter filter)
    {
        if (filter.ConversationId is { } id && await unit.Conversations.FindAsync(caller.OrganizationId, id) is null)
        {
            throw ParleyError.NotFound("conversation");
        }

        return (await unit.Messages.PageAsync(new HistoryQuery(caller.OrganizationId, filter.ConversationId, Limit: 1))).FirstOrDefault();
    }

    private static async ValueTask<List<ExportedMessage>> PageAsync(IUnitOfWork unit, HistoryQuery query)
    {
        var messages = await unit.Messages.PageAsync(query);
        var deliveries = (await unit.Deliveries.OfMessagesAsync(messages.ConvertAll(message => message.Id))).ToLookup(delivery => delivery.MessageId);
        return messages.ConvertAll(message => new ExportedMessage(message, [.. deliveries[message.Id]]));
    }
}
