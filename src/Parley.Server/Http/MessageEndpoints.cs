using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core.Channels;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Sending, and reading what was said.</summary>
internal static class MessageEndpoints
{
    private const int DefaultPage = 50;

    public static void MapMessages(this RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages");
        messages.MapPost("/", SendAsync).Document(
            "Send a message", "To an agent, a channel or agent_chat. An answer of 200 means that it is stored and flushed. The header Idempotency-Key, or the field key, makes a repeat find the first.",
            Examples.Send, Examples.Sent);
        messages.MapGet("/", PageAsync).Document(
            "History and search", "The newest messages first, of one conversation or of all that the caller may read. With 'after' ascending from that number on.", response: Examples.Messages);
        messages.MapGet("/{id}", FindAsync).Document("Read a message", "Of a conversation that the caller is part of.", response: Examples.Message);
        messages.MapGet("/{id}/deliveries", DeliveriesAsync).Document("What became of a message", "All recipients for its sender and for persons; a recipient sees its own.", response: Examples.Status);
        api.MapGet("/conversations", ConversationsAsync).WithTags("Messages").Document(
            "List conversations", "Those of the agent, or all of the organization for a person; the last used first.", response: Examples.Conversations);
    }

    private static async Task<SendResponse> SendAsync(
        JsonBody<SendRequest> body, [FromHeader(Name = "Idempotency-Key")] string? key, SendMessage send, Caller caller, CancellationToken cancellationToken) =>
        MessageMapping.ToResponse(await send.RunAsync(caller, MessageMapping.ToInput(body.Value, IdempotencyKey.Of(key, body.Value.Key)), cancellationToken));

    private static async Task<MessageView> FindAsync(Guid id, ReadMessages read, Caller caller, CancellationToken cancellationToken) =>
        MessageMapping.ToView(await read.FindAsync(caller, id, cancellationToken));

    private static async Task<MessageStatus> DeliveriesAsync(Guid id, ReadMessages read, Caller caller, CancellationToken cancellationToken) =>
        MessageMapping.ToStatus(await read.DeliveriesAsync(caller, id, cancellationToken));

    private static async Task<ListOf<ConversationView>> ConversationsAsync(int? limit, ReadMessages read, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await read.ConversationsAsync(caller, Page.Limit(limit, 100), cancellationToken), ChannelMapping.ToView);

    private static async Task<MessagePage> PageAsync(
        [AsParameters] HistoryParameters wanted, ReadMessages read, ListChannels channels, EnterProject enter, Caller caller, CancellationToken cancellationToken)
    {
        var limit = Page.Limit(wanted.Limit, DefaultPage);
        var conversation = await ConversationAsync(wanted, read, channels, caller, cancellationToken);
        var project = conversation is null && wanted.Project is not null ? await enter.RunAsync(caller, wanted.Project, cancellationToken) : null;
        var query = new HistoryQuery(
            caller.OrganizationId, conversation, ProjectId: project?.Id, Type: wanted.Type is null ? null : WireNames.TypeOf(wanted.Type), Sender: wanted.Sender?.TrimStart('@').ToLowerInvariant(),
            Since: wanted.Since?.ToUniversalTime(), Until: wanted.Until?.ToUniversalTime(), Text: wanted.Q, Limit: limit);
        query = conversation is null
            ? query with { BeforeId = Page.Id(wanted.Before, "before"), After = Page.Nothing(wanted.After, "after") }
            : query with { Before = Page.Number(wanted.Before, "before"), After = Page.Number(wanted.After, "after") };
        var page = await read.PageAsync(caller, query, cancellationToken);
        var next = page.Count < limit || wanted.After is not null ? null : conversation is null ? page[^1].Id.ToString() : Page.Text(page.Min(message => message.Number));
        return new MessagePage([.. page.Select(MessageMapping.ToView)], next);
    }

    private static async Task<Guid?> ConversationAsync(HistoryParameters wanted, ReadMessages read, ListChannels channels, Caller caller, CancellationToken cancellationToken)
    {
        if (wanted.Conversation is { } id)
        {
            return id;
        }

        if (wanted.With?.Split(',', 2) is { } names)
        {
            return (await read.DirectAsync(caller, names[0], names.ElementAtOrDefault(1), cancellationToken)).Id;
        }

        return wanted.Channel is { } channel ? await ChannelName.FindAsync(channels, caller, wanted.Project, channel, cancellationToken) : null;
    }
}

/// <summary>Which messages are wanted.</summary>
internal sealed record HistoryParameters
{
    public Guid? Conversation { get; init; }

    public string? Project { get; init; }

    public string? Channel { get; init; }

    public string? With { get; init; }

    public string? Type { get; init; }

    public string? Sender { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Q { get; init; }

    public string? After { get; init; }

    public string? Before { get; init; }

    public int? Limit { get; init; }
}
