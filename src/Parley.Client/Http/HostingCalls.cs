using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Hosted agents, their models, chains and budgets.</summary>
public sealed class HostingCalls
{
    private readonly Api api;

    internal HostingCalls(Api api) => this.api = api;

    /// <summary>Lets Parley run an agent's turns.</summary>
    public Task<HostingView> HostAsync(string agent, HostRequest request, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Put, Path(agent, "host"), request, WireJson.Default.HostRequest, WireJson.Default.HostingView, cancellation);

    /// <summary>How an agent is hosted.</summary>
    public Task<HostingView> ReadAsync(string agent, CancellationToken cancellation = default) => api.GetAsync(Path(agent, "host"), WireJson.Default.HostingView, cancellation);

    /// <summary>Makes it an external agent again.</summary>
    public Task UnhostAsync(string agent, CancellationToken cancellation = default) => api.CallAsync(HttpMethod.Delete, Path(agent, "host"), cancellation);

    /// <summary>Asks an agent's model once; nothing is sent.</summary>
    public Task<TestAnswer> TestAsync(string agent, string text, CancellationToken cancellation = default) => api.CallAsync(
        new HttpRequestMessage(HttpMethod.Post, Path(agent, "test")) { Content = System.Net.Http.Json.JsonContent.Create(new TestRequest(text), WireJson.Default.TestRequest) },
        WireJson.Default.TestAnswer, TimeSpan.FromMinutes(30), cancellation);

    /// <summary>The providers of models as they are now.</summary>
    public Task<ListOf<ProviderView>> ListModelsAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/models", WireJson.Default.ListOfProviderView, cancellation, TimeSpan.FromSeconds(10));

    /// <summary>The newest chains of turns.</summary>
    public Task<ListOf<RootView>> ListRootsAsync(int? limit = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query("/api/v1/roots").With("limit", limit).ToString(), WireJson.Default.ListOfRootView, cancellation);

    /// <summary>One chain with its turns.</summary>
    public Task<RootTreeView> ReadRootAsync(Guid id, CancellationToken cancellation = default) =>
        api.GetAsync($"/api/v1/roots/{id}", WireJson.Default.RootTreeView, cancellation);

    /// <summary>The budgets and what was used today.</summary>
    public Task<BudgetsView> ReadBudgetsAsync(CancellationToken cancellation = default) => api.GetAsync("/api/v1/budgets", WireJson.Default.BudgetsView, cancellation);

    /// <summary>Sets budgets; what is absent stays.</summary>
    public Task<BudgetsView> SetBudgetsAsync(SetBudgetsRequest change, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Put, "/api/v1/budgets", change, WireJson.Default.SetBudgetsRequest, WireJson.Default.BudgetsView, cancellation);

    /// <summary>What model calls used in the last days, added up by agent, model, day, session, root or project. Persons only.</summary>
    public Task<SpendView> ReadSpendAsync(string? by = null, int? days = null, string? agent = null, int? limit = null, CancellationToken cancellation = default) => api.GetAsync(
        new Query("/api/v1/spend").With("by", by).With("days", days).With("agent", agent).With("limit", limit).ToString(), WireJson.Default.SpendView, cancellation);

    private static string Path(string agent, string what) => $"/api/v1/agents/{Query.Segment(agent)}/{what}";
}
