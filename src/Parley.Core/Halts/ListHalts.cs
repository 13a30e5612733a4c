using Parley.Core.Organizations;

namespace Parley.Core.Halts;

/// <summary>A pulled kill switch as a person sees it.</summary>
/// <param name="Halt">The halt.</param>
/// <param name="TargetName">The name of what it stops; a link's id.</param>
/// <param name="Durable">False where it acts but could not be written yet.</param>
public sealed record HaltOverview(Halt Halt, string TargetName, bool Durable);

/// <summary>Lists what is halted in the caller's organization and on the server. Persons only.</summary>
public sealed class ListHalts(IDatabase database, HaltBoard board)
{
    /// <summary>Returns the halts as this node knows them, the newest first.</summary>
    public Task<List<HaltOverview>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var unwritten = board.Unwritten;
        var halts = board.All.Where(halt => halt.Scope == HaltScope.Server || halt.OrganizationId == caller.OrganizationId).OrderByDescending(halt => halt.At).ToList();
        return database.ReadAsync(
            async unit =>
            {
                var overviews = new List<HaltOverview>(halts.Count);
                foreach (var halt in halts)
                {
                    overviews.Add(new HaltOverview(halt, await HaltTarget.NameAsync(unit, caller.OrganizationId, halt), !unwritten.Contains(halt)));
                }

                return overviews;
            },
            cancellationToken);
    }
}
