using Parley.Core.Organizations;

namespace Parley.Core.Nodes;

/// <summary>Lists the nodes that share the database, with what they do and own. Admins only.</summary>
public sealed class ListNodes(IDatabase database, ThisNode node)
{
    /// <summary>Returns them by name; of a server with a database of its own only itself. Throws <c>forbidden</c>.</summary>
    public async Task<IReadOnlyList<NodeOverview>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson(Role.Admin);
        caller.Require(Scopes.Read);
        return database.IsPostgres
            ? await database.ReadAsync(unit => unit.Nodes.ListAsync(), cancellationToken)
            : [new NodeOverview(node.Self, TimeSpan.Zero, node.Self.Load.Turns)];
    }
}
