using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Links between agents.</summary>
public sealed class LinkCalls
{
    private const string Path = "/api/v1/links";
    private readonly Api api;

    internal LinkCalls(Api api) => this.api = api;

    /// <summary>The links that the token can see, with their credits.</summary>
    public Task<ListOf<LinkView>> ListAsync(CancellationToken cancellation = default) =>
        api.GetAsync(Path, WireJson.Default.ListOfLinkView, cancellation);

    /// <summary>One link.</summary>
    public Task<LinkView> ReadAsync(Guid id, CancellationToken cancellation = default) =>
        api.GetAsync($"{Path}/{id}", WireJson.Default.LinkView, cancellation);

    /// <summary>Links two agents; what the settings leave open takes its default.</summary>
    public Task<LinkView> CreateAsync(CreateLinkRequest link, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, link, WireJson.Default.CreateLinkRequest, WireJson.Default.LinkView, cancellation);

    /// <summary>Changes a link; what is absent stays.</summary>
    public Task<LinkView> EditAsync(Guid id, LinkSettingsPatch change, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Patch, $"{Path}/{id}", change, WireJson.Default.LinkSettingsPatch, WireJson.Default.LinkView, cancellation);

    /// <summary>Removes a link; the conversation's history stays.</summary>
    public Task RemoveAsync(Guid id, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, $"{Path}/{id}", cancellation);
}
