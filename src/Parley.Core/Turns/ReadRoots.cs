using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>A chain of turns with what started it.</summary>
/// <param name="Root">Its bounds and what it used.</param>
/// <param name="Message">What started it; null where retention has deleted it.</param>
/// <param name="Turns">Its turns in the order in which they began.</param>
public sealed record RootTree(Root Root, Message? Message, IReadOnlyList<TurnNode> Turns);

/// <summary>A turn of a chain.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="AgentName">Whose.</param>
/// <param name="ParentId">The turn whose message it answers; null where it answers the root itself or somebody outside.</param>
/// <param name="Calls">How many model calls were answered.</param>
/// <param name="Sent">How many messages it sent.</param>
public sealed record TurnNode(Turn Turn, string AgentName, Guid? ParentId, int Calls, int Sent);

/// <summary>Shows people what chains of turns did and cost, and why they stopped.</summary>
public sealed class ReadRoots(IDatabase database)
{
    /// <summary>The newest chains. Persons only.</summary>
    public Task<List<Root>> ListAsync(Caller caller, int limit, CancellationToken cancellationToken)
    {
        Check(caller);
        return database.ReadAsync(unit => unit.Budgets.RootsAsync(caller.OrganizationId, Math.Clamp(limit, 1, Limits.PageRows)), cancellationToken);
    }

    /// <summary>One chain with its turns. Persons only. Throws <c>not_found</c>.</summary>
    public Task<RootTree> FindAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Check(caller);
        return database.ReadAsync(
            async unit =>
            {
                var root = await unit.Budgets.RootAsync(caller.OrganizationId, id) ?? throw ParleyError.NotFound("chain");
                return new RootTree(root, await unit.Messages.FindAsync(caller.OrganizationId, id), await NodesAsync(unit, caller.OrganizationId, id));
            },
            cancellationToken);
    }

    private static async ValueTask<List<TurnNode>> NodesAsync(IUnitOfWork unit, Guid organizationId, Guid rootId)
    {
        var nodes = new List<TurnNode>();
        var senders = new Dictionary<Guid, Guid>();
        foreach (var turn in await unit.Turns.OfRootAsync(organizationId, rootId))
        {
            var sent = await unit.Turns.SentAsync(turn);
            sent.ForEach(message => senders[message.Id] = turn.Id);
            var inputs = await unit.Turns.InputsAsync(turn.Id);
            var parent = inputs.Where(input => senders.ContainsKey(input.MessageId)).Select(input => (Guid?)senders[input.MessageId]).LastOrDefault();
            var name = (await unit.Agents.FindAsync(organizationId, turn.AgentId))?.Name ?? "?";
            nodes.Add(new TurnNode(turn, name, parent, (await unit.Turns.StepsAsync(turn.Id)).Count, sent.Count));
        }

        return nodes;
    }

    private static void Check(Caller caller)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
    }
}
