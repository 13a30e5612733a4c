using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Parley.Core;
using Parley.Server.A2a.Wire;
using Parley.Server.Live;
using Parley.Server.Security;

namespace Parley.Server.A2a;

/// <summary>Events of a task as server-sent events. It waits for its reader, so that one who does not read costs nothing; it ends when its token does.</summary>
internal sealed class EventStream : ILiveConnection, IDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private readonly CancellationTokenSource end;

    private EventStream(Caller caller, DateTimeOffset? expiresAt, CancellationToken aborted) =>
        (Caller, ExpiresAt, end) = (caller, expiresAt, CancellationTokenSource.CreateLinkedTokenSource(aborted));

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; }

    /// <inheritdoc/>
    public bool IsTooSlow => false;

    /// <inheritdoc/>
    public string LastCursor => "";

    /// <summary>Writes the events until there are no more.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who reads.</param>
    /// <param name="services">What streams need.</param>
    /// <param name="begin">Begins; a refusal is thrown before anything was written.</param>
    /// <param name="frame">The JSON of an event.</param>
    public static async Task RunAsync(
        HttpContext context, Caller caller, StreamServices services, Func<CancellationToken, Task<IAsyncEnumerable<StreamResponse>>> begin, Func<StreamResponse, byte[]> frame)
    {
        var hash = Core.Organizations.TokenSecret.Hash(BearerToken.Of(context.Request));
        var expires = (await services.Database.ReadAsync(unit => unit.Tokens.FindAsync(hash), context.RequestAborted))?.Token.ExpiresAt;
        using var stream = new EventStream(caller, expires, context.RequestAborted);
        if (services.Connections.Add(stream) is { } refusal)
        {
            throw refusal;
        }

        try
        {
            var events = await begin(stream.end.Token);
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await stream.WriteAsync(context.Response.Body, events, frame, services.Time);
        }
        catch (OperationCanceledException) when (stream.end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The token ended, and the stream with it; its reader comes back with another one.
        }
        finally
        {
            services.Connections.Remove(stream);
        }
    }

    /// <inheritdoc/>
    public Task CloseAsync(ErrorCode code, string reason) => end.CancelAsync();

    public void Dispose() => end.Dispose();

    private async Task WriteAsync(Stream body, IAsyncEnumerable<StreamResponse> events, Func<StreamResponse, byte[]> frame, TimeProvider time)
    {
        await using var reader = events.GetAsyncEnumerator(end.Token);
        var next = reader.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await ((Task)next).WaitAsync(Heartbeat, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!next.IsCompleted && !end.IsCancellationRequested)
                {
                    await WriteAsync(body, ": parley\n\n"u8.ToArray());
                }
                else if (await next)
                {
                    await WriteAsync(body, [.. "data: "u8, .. frame(reader.Current), .. "\n\n"u8]);
                    next = reader.MoveNextAsync().AsTask();
                }
                else
                {
                    return;
                }
            }
        }
        finally
        {
            // What is followed cannot be left while it waits for its next event, as it does where the reader has gone away.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteAsync(Stream body, byte[] bytes)
    {
        await body.WriteAsync(bytes, end.Token);
        await body.FlushAsync(end.Token);
    }
}

/// <summary>What streams need.</summary>
internal sealed record StreamServices(IDatabase Database, ConnectionList Connections, TimeProvider Time);
