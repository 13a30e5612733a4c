using System.Net.Http.Json;
using System.Text.Json;
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

    /// <summary>The persona files of an agent. Its owner or an admin.</summary>
    public Task<ListOf<PersonaFileView>> ReadPersonaAsync(string agent, CancellationToken cancellation = default) => api.GetAsync(Path(agent, "persona"), WireJson.Default.ListOfPersonaFileView, cancellation);

    /// <summary>Makes it an external agent again.</summary>
    public Task UnhostAsync(string agent, CancellationToken cancellation = default) => api.CallAsync(HttpMethod.Delete, Path(agent, "host"), cancellation);

    /// <summary>Asks an agent's model once; nothing is sent.</summary>
    public Task<TestAnswer> TestAsync(string agent, string text, CancellationToken cancellation = default) => api.CallAsync(
        Asking(agent, text), WireJson.Default.TestAnswer, TimeSpan.FromMinutes(30), cancellation);

    /// <summary>Asks an agent's model once and hands out what it says as it comes, one piece after the other; the answer has it all.</summary>
    public async Task<TestAnswer> TestAsync(string agent, string text, Action<string> onText, CancellationToken cancellation = default)
    {
        using var request = Asking(agent, text);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await api.ExchangeAsync(request, TimeSpan.FromMinutes(30), cancellation).ConfigureAwait(false);
        await foreach (var item in EventReader.ReadAsync(answer, api.Options.Time, cancellation).ConfigureAwait(false))
        {
            switch (item.EventType)
            {
                case "text":
                    onText(JsonSerializer.Deserialize(item.Data, WireJson.Default.TestPiece)!.Text);
                    break;
                case "done":
                    return JsonSerializer.Deserialize(item.Data, WireJson.Default.TestAnswer)!;
                case "error":
                    throw new ParleyException(JsonSerializer.Deserialize(item.Data, WireJson.Default.Problem)!);
                default:
                    break;
            }
        }

        throw ParleyException.LostAnswer(null);
    }

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

    private static HttpRequestMessage Asking(string agent, string text) =>
        new(HttpMethod.Post, Path(agent, "test")) { Content = JsonContent.Create(new TestRequest(text), WireJson.Default.TestRequest) };

    private static string Path(string agent, string what) => $"/api/v1/agents/{Query.Segment(agent)}/{what}";
}
