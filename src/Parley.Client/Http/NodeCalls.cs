using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>The servers that share a database.</summary>
public sealed class NodeCalls
{
    private readonly Api api;

    internal NodeCalls(Api api) => this.api = api;

    /// <summary>All that are known, by name. Admins only.</summary>
    public Task<ListOf<NodeView>> ListAsync(CancellationToken cancellation = default) => api.GetAsync("/api/v1/nodes", WireJson.Default.ListOfNodeView, cancellation);

    /// <summary>Empties a node before maintenance. Owner only; throws <c>not_found</c>, <c>conflict</c> where no other could take over.</summary>
    public Task<NodeView> DrainAsync(string node, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Post, DrainOf(node)), WireJson.Default.NodeView, default, cancellation);

    /// <summary>Lets a node take part again. Owner only; throws <c>not_found</c>.</summary>
    public Task<NodeView> ResumeAsync(string node, CancellationToken cancellation = default) =>
        api.CallAsync(new HttpRequestMessage(HttpMethod.Delete, DrainOf(node)), WireJson.Default.NodeView, default, cancellation);

    private static string DrainOf(string node) => $"/api/v1/nodes/{Uri.EscapeDataString(node)}/drain";
}
