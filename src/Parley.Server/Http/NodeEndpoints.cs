using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Nodes;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>The servers that share the database.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this RouteGroupBuilder api)
    {
        var nodes = api.MapGroup("/nodes").WithTags("Nodes");
        nodes.MapGet("/", ListAsync).Document("List nodes", "The servers that share the database, with what each does and owns and how far its clock is off. Admins only.", response: Examples.Nodes);
        nodes.MapPost("/{node}/drain", DrainAsync).Document("Empty a node", "Within two seconds it claims nothing more, gives its turns back, closes its connections and is not ready. Owner only.", response: Examples.DrainedNode);
        nodes.MapDelete("/{node}/drain", ResumeAsync).Document("Let a node take part again", "Ends the emptying. Owner only.", response: Examples.Node);
    }

    private static async Task<ListOf<NodeView>> ListAsync(ListNodes list, ThisNode self, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), node => ToView(node, self));

    private static async Task<NodeView> DrainAsync(string node, DrainNode drain, ThisNode self, Caller caller, CancellationToken cancellationToken) =>
        ToView(await drain.RunAsync(caller, node, drain: true, cancellationToken), self);

    private static async Task<NodeView> ResumeAsync(string node, DrainNode drain, ThisNode self, Caller caller, CancellationToken cancellationToken) =>
        ToView(await drain.RunAsync(caller, node, drain: false, cancellationToken), self);

    private static NodeView ToView(NodeOverview one, ThisNode self) => new(
        one.Node.Name, one.IsLost ? "lost" : one.Node.DrainingSince is null ? "alive" : "draining", one.Node.Version, one.Node.Address, one.Node.StartedAt, one.Node.SeenAt,
        one.Owned, one.Node.Load.Most, one.Node.Load.Connections, (long)one.Node.Skew.TotalMilliseconds, one.Node.DrainingSince, one.Node.Id == self.Self.Id);
}
