using System.Runtime.CompilerServices;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>The agent's own inbox. Reading changes nothing; only acknowledging moves the cursor.</summary>
public sealed class InboxCalls
{
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(30);
    private readonly Api api;

    internal InboxCalls(Api api) => this.api = api;

    /// <summary>A page of the inbox.</summary>
    /// <param name="after">A cursor; null begins after the acknowledged one.</param>
    /// <param name="limit">1 to 500 messages; null leaves it to the server.</param>
    /// <param name="wait">How long to wait for a first message, up to 60 seconds.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<InboxPage> ReadAsync(string? after = null, int? limit = null, TimeSpan wait = default, CancellationToken cancellation = default) =>
        api.GetAsync(
            new Query("/api/v1/inbox").With("after", after).With("limit", limit).With("wait", wait > TimeSpan.Zero ? (long)wait.TotalSeconds : null).ToString(),
            WireJson.Default.InboxPage, cancellation, wait);

    /// <summary>
    /// Every message after the cursor in order, then what comes, without end. Lost connections and server restarts are waited out without losing or
    /// repeating a message. Throws <see cref="ParleyException"/> for what waiting cannot mend, such as <c>epoch_changed</c>.
    /// </summary>
    /// <param name="after">A cursor; null begins after the acknowledged one.</param>
    /// <param name="cancellation">Ends the following.</param>
    public async IAsyncEnumerable<MessageView> FollowAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long last = 0;
        var backoff = new Backoff(api.Options.Time, Timeout.InfiniteTimeSpan);
        while (true)
        {
            InboxPage? page = null;
            try
            {
                page = await ReadAsync(after, null, PollTime, cancellation).ConfigureAwait(false);
                backoff.Reset();
            }
            catch (ParleyException error) when (MayRepeat(error) && backoff.TryNext(error.RetryAfter, out var wait))
            {
                await Task.Delay(wait, api.Options.Time, cancellation).ConfigureAwait(false);
            }

            foreach (var message in page?.Items ?? [])
            {
                if (message.InboxNumber is { } number && number > last)
                {
                    last = number;
                    yield return message;
                }
            }

            after = page?.Cursor ?? after;
        }
    }

    /// <summary>Acknowledges everything up to a cursor or inbox number.</summary>
    public Task<AckResponse> AcknowledgeAsync(string cursor, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, "/api/v1/inbox/ack", new AckRequest(cursor), WireJson.Default.AckRequest, WireJson.Default.AckResponse, cancellation);

    /// <summary>Says that a message cannot be processed: it becomes a dead letter and its sender is told.</summary>
    public Task RejectAsync(long number, string reason, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"/api/v1/inbox/{number}/reject", new RejectRequest(reason), WireJson.Default.RejectRequest, cancellation);

    private bool MayRepeat(ParleyException error) => error.Code switch
    {
        ParleyException.OutcomeUnknown => true,
        ParleyException.Unreachable => api.Reached,
        _ => error.RetryAfter is not null || error.Problem.Status is 503,
    };
}
