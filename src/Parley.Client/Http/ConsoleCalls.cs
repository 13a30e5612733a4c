using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Signing in to the console.</summary>
public sealed class ConsoleCalls
{
    private const string Path = "/api/v1/console";
    private readonly Api api;

    internal ConsoleCalls(Api api) => this.api = api;

    /// <summary>Makes a link that opens the console once: for the caller, or an invitation for that user.</summary>
    public Task<ConsoleLink> LinkAsync(string? user = null, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"{Path}/links", new ConsoleLinkRequest(user), WireJson.Default.ConsoleLinkRequest, WireJson.Default.ConsoleLink, cancellation);

    /// <summary>The browsers that are signed in.</summary>
    public Task<ListOf<ConsoleSessionView>> ListSessionsAsync(CancellationToken cancellation = default) =>
        api.GetAsync($"{Path}/sessions", WireJson.Default.ListOfConsoleSessionView, cancellation);

    /// <summary>Signs a browser out.</summary>
    public Task RevokeSessionAsync(Guid id, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, $"{Path}/sessions/{id}", cancellation);
}
