using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Tokens and users.</summary>
public sealed class TokenCalls
{
    private const string Path = "/api/v1/tokens";
    private readonly Api api;

    internal TokenCalls(Api api) => this.api = api;

    /// <summary>Who this client's token speaks for.</summary>
    public Task<Me> WhoAmIAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/me", WireJson.Default.Me, cancellation);

    /// <summary>The tokens that the caller may manage, without their secrets.</summary>
    public Task<ListOf<TokenView>> ListAsync(CancellationToken cancellation = default) =>
        api.GetAsync(Path, WireJson.Default.ListOfTokenView, cancellation);

    /// <summary>Issues a token; its secret is in this answer and nowhere else.</summary>
    public Task<IssuedToken> IssueAsync(IssueTokenRequest token, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, Path, token, WireJson.Default.IssueTokenRequest, WireJson.Default.IssuedToken, cancellation);

    /// <summary>Ends a token, and within two seconds every connection that uses it.</summary>
    public Task RevokeAsync(Guid id, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Delete, $"{Path}/{id}", cancellation);

    /// <summary>The users of the organization.</summary>
    public Task<ListOf<UserView>> ListUsersAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/users", WireJson.Default.ListOfUserView, cancellation);

    /// <summary>Adds a user.</summary>
    public Task<UserView> AddUserAsync(AddUserRequest user, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, "/api/v1/users", user, WireJson.Default.AddUserRequest, WireJson.Default.UserView, cancellation);
}
