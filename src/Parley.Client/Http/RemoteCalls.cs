using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Agents of other servers that speak A2A.</summary>
public sealed class RemoteCalls
{
    private const string Path = "/api/v1/remotes";
    private readonly Api api;

    internal RemoteCalls(Api api) => this.api = api;

    /// <summary>Adds one by its card, or shows what would be added.</summary>
    public Task<RemoteView> AddAsync(AddRemoteRequest remote, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, remote, WireJson.Default.AddRemoteRequest, WireJson.Default.RemoteView, cancellation);

    /// <summary>Every remote agent of the organization, by name.</summary>
    public Task<ListOf<RemoteView>> ListAsync(CancellationToken cancellation = default) => api.GetAsync(Path, WireJson.Default.ListOfRemoteView, cancellation);

    /// <summary>Reads its card again.</summary>
    public Task<RemoteView> RefreshAsync(string agent, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, $"{Path}/{Query.Segment(agent)}/refresh"), WireJson.Default.RemoteView, default, cancellation);

    /// <summary>Sends it a message that is kept nowhere.</summary>
    public Task<RemoteAnswerView> TestAsync(string agent, TestRemoteRequest request, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"{Path}/{Query.Segment(agent)}/test", request, WireJson.Default.TestRemoteRequest, WireJson.Default.RemoteAnswerView, cancellation);
}
