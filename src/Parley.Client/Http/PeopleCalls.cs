using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>What waits for a person.</summary>
public sealed class PeopleCalls
{
    private readonly Api api;

    internal PeopleCalls(Api api) => this.api = api;

    /// <summary>Messages that wait for an approval.</summary>
    public Task<ListOf<HeldMessage>> ListHoldsAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/holds", WireJson.Default.ListOfHeldMessage, cancellation);

    /// <summary>Approves a held message, with another text where one is given.</summary>
    public Task ApproveAsync(Guid message, string? edited = null, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"/api/v1/holds/{message}/approve", new HoldDecision(Content: edited), WireJson.Default.HoldDecision, cancellation);

    /// <summary>Refuses a held message; its sender is told the reason.</summary>
    public Task RefuseAsync(Guid message, string reason, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"/api/v1/holds/{message}/refuse", new HoldDecision(Reason: reason), WireJson.Default.HoldDecision, cancellation);

    /// <summary>The types, agents and links whose messages wait for an approval.</summary>
    public Task<HoldRulesView> ListHoldRulesAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/holds/rules", WireJson.Default.HoldRulesView, cancellation);

    /// <summary>Puts a type of messages on hold in the organization, or takes it off.</summary>
    public Task HoldTypeAsync(string type, bool on, CancellationToken cancellation = default) =>
        api.CallAsync(on ? HttpMethod.Put : HttpMethod.Delete, $"/api/v1/holds/types/{Query.Segment(type)}", cancellation);

    /// <summary>What programs of hosted agents ask permission for; with <paramref name="all"/> also what was decided.</summary>
    public Task<ListOf<PermissionView>> ListPermissionsAsync(bool all = false, CancellationToken cancellation = default) =>
        api.GetAsync(all ? "/api/v1/permissions?all=true" : "/api/v1/permissions", WireJson.Default.ListOfPermissionView, cancellation);

    /// <summary>Allows or denies what a program asks for.</summary>
    public Task<PermissionView> DecidePermissionAsync(Guid id, bool allow, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, $"/api/v1/permissions/{id}/{(allow ? "allow" : "deny")}"), WireJson.Default.PermissionView, default, cancellation);

    /// <summary>What needs a person's attention.</summary>
    public Task<ListOf<AttentionView>> ListAttentionAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/attention", WireJson.Default.ListOfAttentionView, cancellation);

    /// <summary>Says that it has been seen to.</summary>
    public Task ResolveAttentionAsync(Guid id, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"/api/v1/attention/{id}/resolve", cancellation);

    /// <summary>Replies that somebody waits for.</summary>
    public Task<ListOf<ObligationView>> ListObligationsAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/obligations", WireJson.Default.ListOfObligationView, cancellation);

    /// <summary>Deliveries that were given up.</summary>
    public Task<ListOf<DeliveryView>> ListDeadAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/dead", WireJson.Default.ListOfDeliveryView, cancellation);

    /// <summary>Delivers a dead letter once more.</summary>
    public Task RetryDeadAsync(Guid message, string agent, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Post, $"/api/v1/dead/{message}/{Query.Segment(agent)}/retry", cancellation);
}
