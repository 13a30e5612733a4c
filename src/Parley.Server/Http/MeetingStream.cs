using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Organizations;
using Parley.Core.Turns;
using Parley.Server.Errors;
using Parley.Server.Live;
using Parley.Server.Loops;
using Parley.Server.Mapping;
using Parley.Server.Security;

namespace Parley.Server.Http;

/// <summary>
/// What happens in one room as server-sent events. Messages, settings and who is waited for are read from the store, woken by hints and by a timer; only what turns say
/// while they run comes from this node alone.
/// </summary>
internal sealed class MeetingStream : ILiveConnection, IConversationListener, ITurnViewer
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly LoopSignal signal = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameQueue queue;
    private readonly MeetingSources sources;
    private readonly Guid meeting;
    private readonly HeldBack held;
    private long position;
    private (long Revision, string Halted)? shown;
    private bool idle;

    private MeetingStream(Stream body, Caller caller, DateTimeOffset? expiresAt, MeetingSources sources, Guid meeting)
    {
        (Caller, ExpiresAt, this.sources, this.meeting) = (caller, expiresAt, sources, meeting);
        queue = new FrameQueue(body, sources.Time);
        held = new HeldBack(sources.Read, caller, meeting);
    }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; }

    /// <inheritdoc/>
    public Guid ConversationId => meeting;

    /// <inheritdoc/>
    public bool IsTooSlow => queue.Stalled >= SlowAfter && queue.IsFull;

    /// <inheritdoc/>
    public string LastCursor => Interlocked.Read(ref position).ToString(CultureInfo.InvariantCulture);

    public static async Task RunAsync(HttpContext context, string meeting, string? after, MeetingSources sources, Caller caller)
    {
        var from = Page.Number(context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? after, "after");
        var found = await sources.Find.RunAsync(caller, meeting, context.RequestAborted);
        var hash = TokenSecret.Hash(BearerToken.Of(context.Request));
        var expires = (await sources.Database.ReadAsync(unit => unit.Tokens.FindAsync(hash), context.RequestAborted))?.Token.ExpiresAt;
        var stream = new MeetingStream(context.Response.Body, caller, expires, sources, found.Meeting.Id) { position = from ?? found.Head };
        if (sources.Connections.Add(stream) is { } refusal)
        {
            throw refusal;
        }

        sources.Live.Add(stream);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            await context.Response.StartAsync(context.RequestAborted);
            sources.Turns.Add(stream.meeting, stream);
            await stream.FollowAsync(context.RequestAborted);
        }
        finally
        {
            sources.Turns.Remove(stream.meeting, stream);
            sources.Live.Remove(stream);
            sources.Connections.Remove(stream);
            stream.queue.Close();
        }
    }

    /// <inheritdoc/>
    public void Check() => signal.Set();

    /// <inheritdoc/>
    public void Take(TurnNote note)
    {
        // What is not yet said, and may wait for a person's approval, is for persons only.
        if (Caller.IsAgent && note.Kind is TurnNoteKind.Text or TurnNoteKind.Tool)
        {
            return;
        }

        if (!queue.TryAppend(Event("turn", id: null, MeetingMapping.ToView(note), WireJson.Default.TurnView)) && !queue.IsClosed)
        {
            _ = CloseAsync(ErrorCode.ConsumerTooSlow, "The connection did not read.");
            return;
        }

        queue.Flush();
        if (note.Kind is TurnNoteKind.Answered or TurnNoteKind.Passed or TurnNoteKind.Ended)
        {
            signal.Set();
        }
    }

    /// <inheritdoc/>
    public Task CloseAsync(ErrorCode code, string reason)
    {
        TimeSpan? again = code == ErrorCode.ConsumerTooSlow || code == ErrorCode.ShuttingDown ? Look : null;
        var problem = Problems.From(new ParleyError(code, reason, "Connect again with 'after', or with Last-Event-ID.") { RetryAfter = again }, traceId: null);
        queue.Append(Event("error", id: null, problem, WireJson.Default.Problem));
        queue.Flush();
        ended.TrySetResult();
        signal.Set();
        return Task.CompletedTask;
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        Beat();
        await using (sources.Time.CreateTimer(_ => Beat(), null, Heartbeat, Heartbeat))
        {
            while (!ended.Task.IsCompleted && !cancellationToken.IsCancellationRequested && !queue.IsClosed)
            {
                if (!await ReadAsync(cancellationToken))
                {
                    await signal.WaitAsync(Look, sources.Time, cancellationToken);
                }
            }
        }

        await queue.EmptyAsync().WaitAsync(Patience, sources.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Tells what is new; true where there may be more at once.</summary>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        MeetingOverview now;
        try
        {
            now = await sources.Find.RunAsync(Caller, meeting.ToString(), cancellationToken);
        }
        catch (ParleyError error)
        {
            await CloseAsync(error.Code, error.Message);
            return false;
        }

        await held.BeginAsync(position, cancellationToken);
        await ShowAsync(now);
        while (position < now.Head)
        {
            var page = await sources.Read.PageAsync(Caller, meeting.ToString(), position, 100, cancellationToken);
            foreach (var message in page)
            {
                await AppendAsync(Event("message", message.Number, MessageMapping.ToView(message), WireJson.Default.MessageView));
                Interlocked.Exchange(ref position, message.Number);
                held.Note(message);
                idle = false;
            }

            if (page.Count == 0)
            {
                // Retention has deleted what was there.
                Interlocked.Exchange(ref position, now.Head);
            }
        }

        var decided = await held.DecidedAsync(cancellationToken);
        foreach (var message in decided)
        {
            await AppendAsync(Event("message", position, MessageMapping.ToView(message), WireJson.Default.MessageView));
            idle = false;
        }

        if (position > now.Head || decided.Count > 0)
        {
            // Something was said since the look: whether anybody is waited for is known by the next one.
            return true;
        }

        if (now.Waiting.Count == 0 && !idle)
        {
            await AppendAsync("event: idle\ndata: {}\n\n"u8.ToArray());
        }

        idle = now.Waiting.Count == 0;
        queue.Flush();
        return false;
    }

    private async Task ShowAsync(MeetingOverview now)
    {
        var state = (now.Meeting.Revision, string.Join(',', now.Halted));
        if (shown != state)
        {
            await AppendAsync(Event("state", position, MeetingMapping.ToView(now), WireJson.Default.MeetingView));
            shown = state;
        }
    }

    private async Task AppendAsync(byte[] frame)
    {
        while (!queue.TryAppend(frame) && !queue.IsClosed && !ended.Task.IsCompleted)
        {
            queue.Flush();
            await Task.WhenAny(queue.RoomAsync(), ended.Task);
        }
    }

    private static byte[] Event<T>(string name, long? id, T value, JsonTypeInfo<T> type) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: {JsonSerializer.Serialize(value, type)}\n\n"));

    private void Beat()
    {
        queue.Append(": parley\n\n"u8.ToArray());
        queue.Flush();
    }
}

/// <summary>What every stream of a meeting works with.</summary>
internal sealed class MeetingSources(FindMeeting find, ReadMeeting read, TurnHub turns, LiveConnections live, ConnectionList connections, IDatabase database, TimeProvider time)
{
    public FindMeeting Find => find;

    public ReadMeeting Read => read;

    public TurnHub Turns => turns;

    public LiveConnections Live => live;

    public ConnectionList Connections => connections;

    public IDatabase Database => database;

    public TimeProvider Time => time;
}
