using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Schedules. A schedule is named by its name or id.</summary>
public sealed class ScheduleCalls
{
    private const string Path = "/api/v1/schedules";
    private readonly Api api;

    internal ScheduleCalls(Api api) => this.api = api;

    /// <summary>Makes a schedule.</summary>
    public Task<ScheduleView> AddAsync(AddScheduleRequest schedule, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, schedule, WireJson.Default.AddScheduleRequest, WireJson.Default.ScheduleView, cancellation);

    /// <summary>Every schedule of the organization, by name.</summary>
    public Task<ListOf<ScheduleView>> ListAsync(CancellationToken cancellation = default) => api.GetAsync(Path, WireJson.Default.ListOfScheduleView, cancellation);

    /// <summary>One schedule.</summary>
    public Task<ScheduleView> FindAsync(string schedule, CancellationToken cancellation = default) => api.GetAsync(Of(schedule), WireJson.Default.ScheduleView, cancellation);

    /// <summary>Changes a schedule; what is null stays.</summary>
    public Task<ScheduleView> EditAsync(string schedule, EditScheduleRequest change, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Patch, Of(schedule), change, WireJson.Default.EditScheduleRequest, WireJson.Default.ScheduleView, cancellation);

    /// <summary>Removes a schedule with its history. What it started goes on.</summary>
    public Task RemoveAsync(string schedule, CancellationToken cancellation = default) => api.CallAsync(HttpMethod.Delete, Of(schedule), cancellation);

    /// <summary>Starts its work now; its next time stays.</summary>
    public Task<FiringView> RunAsync(string schedule, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, Of(schedule) + "/run"), WireJson.Default.FiringView, default, cancellation);

    /// <summary>Lets nothing fire until it is resumed.</summary>
    public Task<ScheduleView> PauseAsync(string schedule, CancellationToken cancellation = default) => PostAsync(Of(schedule) + "/pause", cancellation);

    /// <summary>Ends a pause; what was due in it is skipped.</summary>
    public Task<ScheduleView> ResumeAsync(string schedule, CancellationToken cancellation = default) => PostAsync(Of(schedule) + "/resume", cancellation);

    /// <summary>What became of its due times, newest first.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="before">Only numbers below it; null for the newest.</param>
    /// <param name="limit">1 to 500; null leaves it to the server (50).</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ScheduleHistoryPage> HistoryAsync(string schedule, long? before = null, int? limit = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query(Of(schedule) + "/history").With("before", before).With("limit", limit).ToString(), WireJson.Default.ScheduleHistoryPage, cancellation);

    private Task<ScheduleView> PostAsync(string path, CancellationToken cancellation) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, path), WireJson.Default.ScheduleView, default, cancellation);

    private static string Of(string schedule) => $"{Path}/{Query.Segment(schedule)}";
}
