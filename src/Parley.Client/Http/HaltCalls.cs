using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>The kill switch: of an agent, link, project, organization or the server.</summary>
public sealed class HaltCalls
{
    private const string Path = "/api/v1/halts";
    private readonly Api api;

    internal HaltCalls(Api api) => this.api = api;

    /// <summary>The halts in force.</summary>
    public Task<ListOf<HaltView>> ListAsync(CancellationToken cancellation = default) =>
        api.GetAsync(Path, WireJson.Default.ListOfHaltView, cancellation);

    /// <summary>Halts; it acts within two seconds on every node and survives a restart.</summary>
    public Task<HaltView> PullAsync(HaltRequest halt, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, halt, WireJson.Default.HaltRequest, WireJson.Default.HaltView, cancellation);

    /// <summary>Ends a halt.</summary>
    /// <param name="scope"><c>agent</c>, <c>link</c>, <c>project</c>, <c>organization</c> or <c>server</c>.</param>
    /// <param name="target">The agent's or project's name or the link's id; null for organization and server.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    public Task ReleaseAsync(string scope, string? target = null, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, target is null ? $"{Path}/{Query.Segment(scope)}" : $"{Path}/{Query.Segment(scope)}/{Query.Segment(target)}", cancellation);
}
