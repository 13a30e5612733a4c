using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>A turn that a node runs.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="AgentName">Whose.</param>
/// <param name="Node">The node that owns it.</param>
public sealed record OwnedTurn(Turn Turn, string AgentName, string? Node);

/// <summary>Lists the turns that run now, on whichever node. Persons only.</summary>
public sealed class ListRunningTurns(IDatabase database)
{
    private const int Most = 500;

    /// <summary>Returns those whose lease counts, the oldest first.</summary>
    public Task<List<OwnedTurn>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => unit.Turns.OwnedAsync(caller.OrganizationId, Most), cancellationToken);
    }
}
