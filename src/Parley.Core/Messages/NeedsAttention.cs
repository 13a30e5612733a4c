using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>What waits for a person, and the replies that are owed.</summary>
public sealed class NeedsAttention(IDatabase database, TimeProvider time)
{
    /// <summary>What waits for a person, oldest first.</summary>
    public Task<List<Attention>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        return database.ReadAsync(unit => unit.Obligations.AttentionAsync(caller.OrganizationId, Limits.PageRows), cancellationToken);
    }

    /// <summary>Notes that a person dealt with it. Throws <c>not_found</c> where there is no such thing open.</summary>
    public async Task ResolveAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                unit.Audit.Append(AuditEntry.Allowed(caller, now, "attention.resolve", id.ToString()));
                return await unit.Obligations.ResolveAsync(caller.OrganizationId, id, now) ? true : throw ParleyError.NotFound("thing that needs attention");
            },
            cancellationToken);
    }

    /// <summary>The replies that are owed, the most urgent first; for an agent its own.</summary>
    public async Task<List<Obligation>> ObligationsAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        var all = await database.ReadAsync(unit => unit.Obligations.ListAsync(caller.OrganizationId, Limits.PageRows), cancellationToken);
        return caller.IsAgent ? all.FindAll(obligation => obligation.AgentId == caller.Id) : all;
    }
}
