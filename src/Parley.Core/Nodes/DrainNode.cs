using Parley.Core.Organizations;

namespace Parley.Core.Nodes;

/// <summary>
/// Empties a node before maintenance: within two seconds it claims nothing more, gives its turns back to the others, asks its connections to come back elsewhere and says
/// that it is not ready. Nothing is lost; it can be stopped then. The owner only, since all organizations share it.
/// </summary>
public sealed class DrainNode(IDatabase database, TimeProvider time)
{
    /// <summary>Begins to empty the node of that name, or ends it. Throws <c>not_found</c>, <c>conflict</c> where no other node could take over, <c>forbidden</c>.</summary>
    public Task<NodeOverview> RunAsync(Caller caller, string name, bool drain, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, drain ? "node.drain" : "node.resume", name, Role.Owner,
        async (unit, now) =>
        {
            var all = database.IsPostgres ? await unit.Nodes.ListAsync() : throw Alone();
            var found = all.Find(one => one.Node.Name == name) ?? throw ParleyError.NotFound("node");
            if (drain && !all.Exists(one => one.Node.Id != found.Node.Id && !one.IsLost && one.Node.DrainingSince is null))
            {
                throw Alone();
            }

            DateTimeOffset? since = drain ? found.Node.DrainingSince ?? now : null;
            unit.Nodes.Drain(found.Node.Id, since);
            return found with { Node = found.Node with { DrainingSince = since } };
        },
        cancellationToken);

    private static ParleyError Alone() => new(
        ErrorCode.Conflict, "No other node could take over what this one does.", "Start another one on the same database first, or stop this one: what is accepted is kept.");
}
