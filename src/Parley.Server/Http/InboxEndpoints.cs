using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Live;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>An agent's own inbox.</summary>
internal static class InboxEndpoints
{
    private const int DefaultPage = 100;
    private const double LongestWait = 60;

    public static void MapInbox(this RouteGroupBuilder api)
    {
        var inbox = api.MapGroup("/inbox").WithTags("Inbox");
        inbox.MapGet("/", ReadAsync).Document(
            "Read the inbox", "What comes after a cursor, or after the acknowledged one; changes nothing. With 'wait' (seconds, at most 60) the answer comes with the first message.", response: Examples.Inbox)
            .WithRequestTimeout(RequestTimes.Of(TimeSpan.FromSeconds(LongestWait + 30)));
        inbox.MapPost("/ack", AcknowledgeAsync).Document("Acknowledge", "Everything up to a cursor of this inbox, or an inbox number. May be repeated.", Examples.Ack, Examples.Acked);
        inbox.MapPost("/{number:long}/reject", RejectAsync).Document("Reject a message", "It cannot be processed: it becomes a dead letter, its sender and the people are told.", Examples.Reject);
        inbox.MapGet("/stream", InboxStream.RunAsync).Document(
            "Follow the inbox", "Server-sent events: one 'message' event a message, its id is the cursor; Last-Event-ID resumes.").Produces<string>(contentType: "text/event-stream").DisableRequestTimeout();
    }

    private static async Task<InboxPage> ReadAsync(
        string? after, int? limit, double? wait, ReadInbox read, LiveConnections live, Stopping stopping, IDatabase database, TimeProvider time, Caller caller, CancellationToken cancellationToken)
    {
        if (wait is < 0 or > LongestWait or double.NaN)
        {
            throw ParleyError.Invalid("wait", "The time to wait is out of bounds.", "Use 0 to 60 seconds.");
        }

        var rows = Page.Limit(limit, DefaultPage);
        var from = after is null ? (long?)null : Cursor.Parse(after, database.Epoch, "after").Number;
        var view = await read.RunAsync(caller, from, rows, cancellationToken);
        if (view.Items.Count == 0 && wait > 0)
        {
            view = await InboxWaiter.WaitAsync(live, stopping, caller, view, TimeSpan.FromSeconds(wait.Value), time, () => read.RunAsync(caller, from, rows, cancellationToken), cancellationToken);
        }

        return ToPage(view, from, database.Epoch);
    }

    private static InboxPage ToPage(InboxView view, long? from, string epoch)
    {
        var end = view.Items.Count > 0 ? view.Items[^1].Number : from ?? view.State.Cursor;
        return new InboxPage(
            [.. view.Items.Select(item => MessageMapping.ToView(item, epoch))], new Cursor(epoch, end).ToString(), new Cursor(epoch, view.State.Cursor).ToString(),
            view.State.Head, view.State.Head - view.State.Cursor);
    }

    private static async Task<AckResponse> AcknowledgeAsync(JsonBody<AckRequest> body, Acknowledge acknowledge, IDatabase database, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireAgent();
        var text = body.Value.Cursor ?? throw ParleyError.Invalid("cursor", "There is no cursor.", "Send the cursor of the last message that was processed.");
        var result = await acknowledge.RunAsync(caller, Cursor.Parse(text, database.Epoch).Number, cancellationToken);
        return new AckResponse(new Cursor(database.Epoch, result.State.Cursor).ToString(), result.Count, result.State.Head - result.State.Cursor, database.Durability);
    }

    private static async Task<NoContent> RejectAsync(long number, JsonBody<RejectRequest> body, RejectDelivery reject, Caller caller, CancellationToken cancellationToken)
    {
        await reject.RunAsync(caller, number, body.Value.Reason, cancellationToken);
        return TypedResults.NoContent();
    }
}
