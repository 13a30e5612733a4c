using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Server.Errors;
using Parley.Server.Live;
using Parley.Server.Security;

namespace Parley.Server.Http;

/// <summary>The inbox as server-sent events.</summary>
internal sealed class InboxStream : IInboxSink, ILiveConnection
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly byte[] scratch = new byte[192];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameQueue queue;
    private readonly InboxFeed feed;
    private readonly string epoch;

    private InboxStream(Stream body, Caller caller, DateTimeOffset? expiresAt, FeedSources sources, string epoch, TimeProvider time, ILogger log)
    {
        this.epoch = epoch;
        Caller = caller;
        ExpiresAt = expiresAt;
        queue = new FrameQueue(body, time);
        feed = new InboxFeed(caller, sources, this, log);
    }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; }

    /// <inheritdoc/>
    public bool IsTooSlow => queue.Stalled >= SlowAfter && (feed.IsBehind || queue.IsFull);

    /// <inheritdoc/>
    public string LastCursor => new Cursor(epoch, feed.Position).ToString();

    public static async Task RunAsync(
        HttpContext context, string? after, FeedSources sources, LiveConnections live, ConnectionList connections, IDatabase database, TimeProvider time, ILogger<InboxStream> log, Caller caller)
    {
        var from = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? after;
        var start = from is null ? (long?)null : Cursor.Parse(from, database.Epoch).Number;
        var inbox = (await sources.ReadInbox.RunAsync(caller, start, 1, context.RequestAborted)).State;
        var hash = TokenSecret.Hash(BearerToken.Of(context.Request));
        var expires = (await database.ReadAsync(unit => unit.Tokens.FindAsync(hash), context.RequestAborted))?.Token.ExpiresAt;
        var stream = new InboxStream(context.Response.Body, caller, expires, sources, database.Epoch, time, log);
        if (connections.Add(stream) is { } refusal)
        {
            throw refusal;
        }

        live.Add(stream.feed);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            await context.Response.StartAsync(context.RequestAborted);
            await stream.FollowAsync(start ?? inbox.Cursor, inbox, time, context.RequestAborted);
        }
        finally
        {
            live.Remove(stream.feed);
            connections.Remove(stream);
            stream.feed.Stop();
            stream.queue.Close();
            await sources.Marks.FinishAsync(stream.feed);
        }
    }

    /// <inheritdoc/>
    public bool TryAppend(SharedFrame frame, long number, DeliveryState state, int attempts)
    {
        var own = SharedFrame.WriteOwnFields(scratch, epoch, number, state, attempts);
        return queue.TryAppend(Encoding.UTF8.GetBytes($"id: {epoch}-{number}\nevent: message\ndata: "), frame.Body, scratch.AsMemory(0, own), "\n\n"u8.ToArray());
    }

    /// <inheritdoc/>
    public void Flush() => queue.Flush();

    /// <inheritdoc/>
    public Task RoomAsync() => queue.RoomAsync();

    /// <inheritdoc/>
    public void Stop(ParleyError error)
    {
        queue.Append(Encoding.UTF8.GetBytes($"event: error\ndata: {JsonSerializer.Serialize(Problems.From(error, traceId: null), WireJson.Default.Problem)}\n\n"));
        queue.Flush();
        ended.TrySetResult();
    }

    /// <inheritdoc/>
    public Task CloseAsync(ErrorCode code, string reason)
    {
        feed.Stop();
        Stop(new ParleyError(code, reason, "Connect again; Last-Event-ID resumes."));
        return Task.CompletedTask;
    }

    private async Task FollowAsync(long after, Parley.Core.Agents.InboxState inbox, TimeProvider time, CancellationToken cancellationToken)
    {
        Beat();
        feed.Acknowledged(inbox.Cursor);
        feed.Start(after, inbox.Head);
        await using (time.CreateTimer(_ => Beat(), null, Heartbeat, Heartbeat))
        {
            await ended.Task.WaitAsync(cancellationToken);
        }

        await queue.EmptyAsync().WaitAsync(Patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Beat()
    {
        queue.Append(": parley\n\n"u8.ToArray());
        queue.Flush();
    }
}
