using System.Net.Http.Json;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Meetings. A meeting is named by its name or id.</summary>
public sealed class MeetingCalls
{
    private const string Path = "/api/v1/meetings";
    private readonly Api api;
    private readonly Keys keys = new();

    internal MeetingCalls(Api api) => this.api = api;

    /// <summary>Starts a meeting. Nobody speaks before the first message.</summary>
    public Task<MeetingView> StartAsync(StartMeetingRequest meeting, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, meeting, WireJson.Default.StartMeetingRequest, WireJson.Default.MeetingView, cancellation);

    /// <summary>The meetings that the token can see, the last started first; the archived ones where asked for, else the open ones.</summary>
    public Task<ListOf<MeetingView>> ListAsync(bool archived = false, CancellationToken cancellation = default) =>
        api.GetAsync(archived ? Path + "?archived=true" : Path, WireJson.Default.ListOfMeetingView, cancellation);

    /// <summary>One meeting.</summary>
    public Task<MeetingView> FindAsync(string meeting, CancellationToken cancellation = default) => api.GetAsync(Of(meeting), WireJson.Default.MeetingView, cancellation);

    /// <summary>Changes settings; what is null stays.</summary>
    public Task<MeetingView> EditAsync(string meeting, EditMeetingRequest change, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Patch, Of(meeting), change, WireJson.Default.EditMeetingRequest, WireJson.Default.MeetingView, cancellation);

    /// <summary>Takes an agent into the room; nothing changes where it is in it.</summary>
    public Task<MeetingView> AddParticipantAsync(string meeting, string agent, CancellationToken cancellation = default) =>
        PostAsync($"{Of(meeting)}/participants/{Query.Segment(agent)}", cancellation);

    /// <summary>Takes an agent out of the room. What it said stays.</summary>
    public Task<MeetingView> RemoveParticipantAsync(string meeting, string agent, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Of(meeting)}/participants/{Query.Segment(agent)}"), WireJson.Default.MeetingView, default, cancellation);

    /// <summary>
    /// Says something. After a lost connection or from a busy server it is repeated with its key for <see cref="ParleyClientOptions.RetryFor"/>, which never stores it
    /// twice. Throws <c>outcome_unknown</c> where an answer was lost and no later one tells whether the message was stored.
    /// </summary>
    public async Task<MeetingPost> PostAsync(string meeting, PostToMeetingRequest message, CancellationToken cancellation = default)
    {
        if (message.Key is null && api.Options.GenerateKeys)
        {
            message = message with { Key = keys.Next() };
        }

        return await RepeatedSend.RunAsync(
            api, message.Key,
            () => api.CallAsync(
                new HttpRequestMessage(HttpMethod.Post, Of(meeting) + "/messages") { Content = JsonContent.Create(message, WireJson.Default.PostToMeetingRequest) }, WireJson.Default.MeetingPost, default,
                cancellation),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Says a text.</summary>
    public Task<MeetingPost> PostAsync(string meeting, string text, CancellationToken cancellation = default) => PostAsync(meeting, new PostToMeetingRequest(text), cancellation);

    /// <summary>Makes one participant speak, also where a chain met its limit: a person's message asks it and begins a chain of its own.</summary>
    public Task<MeetingPost> RespondAsync(string meeting, string agent, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, $"{Of(meeting)}/respond/{Query.Segment(agent)}"), WireJson.Default.MeetingPost, default, cancellation);

    /// <summary>Cancels whoever speaks and takes back what waits for hosted agents, of one agent or of all. Returns the meeting with who is still waited for.</summary>
    public Task<MeetingView> StopAsync(string meeting, string? agent = null, CancellationToken cancellation = default) =>
        PostAsync(new Query(Of(meeting) + "/stop").With("agent", agent).ToString(), cancellation);

    /// <summary>Closes the room: it takes no messages until it is resumed. Settings and transcript stay.</summary>
    public Task<MeetingView> ArchiveAsync(string meeting, CancellationToken cancellation = default) => PostAsync(Of(meeting) + "/archive", cancellation);

    /// <summary>Opens an archived meeting again.</summary>
    public Task<MeetingView> ResumeAsync(string meeting, CancellationToken cancellation = default) => PostAsync(Of(meeting) + "/resume", cancellation);

    /// <summary>A part of the transcript: after a number, or the last messages, in the order said.</summary>
    /// <param name="meeting">The meeting.</param>
    /// <param name="after">Only numbers above it; null for the last messages.</param>
    /// <param name="limit">1 to 500; null leaves it to the server (50).</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<MeetingHistoryPage> HistoryAsync(string meeting, long? after = null, int? limit = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query(Of(meeting) + "/history").With("after", after).With("limit", limit).ToString(), WireJson.Default.MeetingHistoryPage, cancellation);

    /// <summary>Who spoke how often, at what depth, and what it cost.</summary>
    public Task<MeetingStatsView> StatsAsync(string meeting, CancellationToken cancellation = default) => api.GetAsync(Of(meeting) + "/stats", WireJson.Default.MeetingStatsView, cancellation);

    /// <summary>The whole transcript as text: <c>markdown</c>, or <c>jsonl</c> with one message a line.</summary>
    public async Task ExportAsync(string meeting, string format, Stream target, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Query(Of(meeting) + "/export").With("format", format).ToString());
        using var answer = await api.ExchangeAsync(request, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        try
        {
            await answer.Content.CopyToAsync(target, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or HttpIOException)
        {
            throw ParleyException.LostAnswer(fault);
        }
    }

    /// <summary>The forms of meetings: built in, and those of the server's data folder.</summary>
    public Task<ListOf<MeetingTemplateView>> ListTemplatesAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/meeting-templates", WireJson.Default.ListOfMeetingTemplateView, cancellation);

    /// <summary>
    /// What happens in the room, without end: first the meeting itself and the messages after a number, then live. Lost connections and server restarts are waited out
    /// without losing or repeating a message. Throws <see cref="ParleyException"/> for what waiting cannot mend.
    /// </summary>
    /// <param name="meeting">The meeting.</param>
    /// <param name="after">The number of the last message that is known; 0 for all, null for only what comes.</param>
    /// <param name="cancellation">Ends the following.</param>
    public IAsyncEnumerable<MeetingEvent> FollowAsync(string meeting, long? after = null, CancellationToken cancellation = default) =>
        new MeetingFeed(api, Of(meeting) + "/stream", after).FollowAsync(cancellation);

    private static string Of(string meeting) => $"{Path}/{Query.Segment(meeting)}";

    private Task<MeetingView> PostAsync(string path, CancellationToken cancellation) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, path), WireJson.Default.MeetingView, default, cancellation);
}
