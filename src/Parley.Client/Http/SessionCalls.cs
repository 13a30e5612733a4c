using System.Runtime.CompilerServices;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Spawned sessions.</summary>
public sealed class SessionCalls
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OneWait = TimeSpan.FromSeconds(20);

    private readonly Api api;

    internal SessionCalls(Api api) => this.api = api;

    /// <summary>Spawns a session; answers at once. Give a key where the call may be repeated.</summary>
    public Task<SpawnResponse> SpawnAsync(SpawnRequest request, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, "/api/v1/sessions/spawn", request, WireJson.Default.SpawnRequest, WireJson.Default.SpawnResponse, cancellation);

    /// <summary>Says something in a session and waits for the answer as long as the request says.</summary>
    public Task<SessionSendResponse> SendAsync(SessionSendRequest request, CancellationToken cancellation = default) => api.CallAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/send") { Content = System.Net.Http.Json.JsonContent.Create(request, WireJson.Default.SessionSendRequest) },
        WireJson.Default.SessionSendResponse, TimeSpan.FromSeconds(request.Wait ?? 30) + Slack, cancellation);

    /// <summary>Sessions, the newest first.</summary>
    /// <param name="active">Only those that have not ended.</param>
    /// <param name="agent">Only those that this agent does or has spawned.</param>
    /// <param name="limit">How many, 1–500.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ListOf<SessionView>> ListAsync(bool active = false, string? agent = null, int? limit = null, CancellationToken cancellation = default) => api.GetAsync(
        new Query("/api/v1/sessions").With("active", active ? "true" : null).With("agent", agent).With("limit", limit).ToString(), WireJson.Default.ListOfSessionView, cancellation);

    /// <summary>One session by key, id or label. With a time it is waited for its end, at most 60 s a call.</summary>
    public Task<SessionDetailsView> ReadAsync(string session, TimeSpan wait = default, CancellationToken cancellation = default) => api.GetAsync(
        new Query(Path(session)).With("wait", wait > TimeSpan.Zero ? (int)Math.Ceiling(wait.TotalSeconds) : null).ToString(), WireJson.Default.SessionDetailsView, cancellation, wait + Slack);

    /// <summary>Waits until a session has ended.</summary>
    public async Task<SessionDetailsView> WaitAsync(string session, CancellationToken cancellation = default)
    {
        while (true)
        {
            var details = await ReadAsync(session, OneWait, cancellation).ConfigureAwait(false);
            if (details.Session.EndedAt is not null)
            {
                return details;
            }
        }
    }

    /// <summary>
    /// The log of a session behind a number of entries. With a time it is waited for more, at most 60 s a call. <paramref name="open"/> is that of the answer before: what those
    /// tools have answered since comes too.
    /// </summary>
    public Task<SessionLogView> LogAsync(string session, int after = 0, TimeSpan wait = default, int? open = null, CancellationToken cancellation = default) => api.GetAsync(
        new Query(Path(session) + "/log").With("after", after).With("open", open).With("wait", wait > TimeSpan.Zero ? (int)Math.Ceiling(wait.TotalSeconds) : null).ToString(),
        WireJson.Default.SessionLogView, cancellation, wait + Slack);

    /// <summary>The log of a session as it grows, until the session has ended.</summary>
    public async IAsyncEnumerable<SessionLogEntryView> FollowAsync(string session, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (after, open) = (0, (int?)null);
        while (true)
        {
            var log = await LogAsync(session, after, OneWait, open, cancellation).ConfigureAwait(false);
            foreach (var entry in log.Entries)
            {
                yield return entry;
            }

            (after, open) = (log.Next, log.Open);
            if (log.Entries.Count == 0 && log.Status is not ("running" or "queued" or "held"))
            {
                yield break;
            }
        }
    }

    /// <summary>Puts a message into a session.</summary>
    public Task<SendResponse> SteerAsync(string session, string message, string? key = null, CancellationToken cancellation = default) => api.CallAsync(
        HttpMethod.Post, Path(session) + "/steer", new SteerRequest(message, key), WireJson.Default.SteerRequest, WireJson.Default.SendResponse, cancellation);

    /// <summary>Ends a session and everything below it.</summary>
    public Task<SessionView> KillAsync(string session, string? reason = null, CancellationToken cancellation = default) => api.CallAsync(
        HttpMethod.Post, Path(session) + "/kill", new KillRequest(reason), WireJson.Default.KillRequest, WireJson.Default.SessionView, cancellation);

    /// <summary>The success metrics of the last days. Persons only.</summary>
    public Task<SessionStatsView> StatsAsync(int? days = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query("/api/v1/sessions/stats").With("days", days).ToString(), WireJson.Default.SessionStatsView, cancellation);

    private static string Path(string session) => $"/api/v1/sessions/{Query.Segment(session)}";
}
