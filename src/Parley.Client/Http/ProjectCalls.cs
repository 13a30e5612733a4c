using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Projects, their channels, and leases on files. A project is named by its name or id.</summary>
public sealed class ProjectCalls
{
    private const string Path = "/api/v1/projects";
    private readonly Api api;

    internal ProjectCalls(Api api) => this.api = api;

    /// <summary>The projects that the token can see.</summary>
    public Task<ListOf<ProjectView>> ListAsync(CancellationToken cancellation = default) =>
        api.GetAsync(Path, WireJson.Default.ListOfProjectView, cancellation);

    /// <summary>Adds a project with its channel <c>#general</c>.</summary>
    public Task<ProjectView> AddAsync(string name, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, new NameRequest(name), WireJson.Default.NameRequest, WireJson.Default.ProjectView, cancellation);

    /// <summary>The channels of a project with their members.</summary>
    public Task<ListOf<ChannelView>> ListChannelsAsync(string project, CancellationToken cancellation = default) =>
        api.GetAsync($"{Channels(project)}", WireJson.Default.ListOfChannelView, cancellation);

    /// <summary>Creates a channel.</summary>
    public Task<ChannelView> CreateChannelAsync(string project, string channel, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Channels(project), new NameRequest(channel.TrimStart('#')), WireJson.Default.NameRequest, WireJson.Default.ChannelView, cancellation);

    /// <summary>Adds an agent to a channel; null means the token's own agent.</summary>
    public Task JoinChannelAsync(string project, string channel, string? agent = null, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Members(project, channel), new MemberRequest(agent), WireJson.Default.MemberRequest, cancellation);

    /// <summary>Takes an agent out of a channel; null means the token's own agent.</summary>
    public Task LeaveChannelAsync(string project, string channel, string? agent = null, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, agent is null ? Members(project, channel) : $"{Members(project, channel)}/{Query.Segment(agent)}", cancellation);

    /// <summary>The leases on files that have not ended.</summary>
    public Task<ListOf<LeaseView>> ListLeasesAsync(string project, CancellationToken cancellation = default) =>
        api.GetAsync(Leases(project), WireJson.Default.ListOfLeaseView, cancellation);

    /// <summary>Announces work on files. An overlap does not refuse it: the answer names it, and both agents are told.</summary>
    public Task<LeaseView> AddLeaseAsync(string project, LeaseRequest lease, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Leases(project), lease, WireJson.Default.LeaseRequest, WireJson.Default.LeaseView, cancellation);

    /// <summary>Lets a lease last longer: <paramref name="ttl"/> from now.</summary>
    public Task<LeaseView> ExtendLeaseAsync(string project, Guid lease, TimeSpan ttl, CancellationToken cancellation = default) =>
        api.CallAsync(
            HttpMethod.Patch, $"{Leases(project)}/{lease}", new LeaseRequest(null, Ttl: ttl.TotalSeconds), WireJson.Default.LeaseRequest, WireJson.Default.LeaseView, cancellation);

    /// <summary>Ends a lease.</summary>
    public Task ReleaseLeaseAsync(string project, Guid lease, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, $"{Leases(project)}/{lease}", cancellation);

    private static string Channels(string project) => $"{Path}/{Query.Segment(project)}/channels";

    private static string Members(string project, string channel) => $"{Channels(project)}/{Query.Segment(channel.TrimStart('#'))}/members";

    private static string Leases(string project) => $"{Path}/{Query.Segment(project)}/leases";
}
