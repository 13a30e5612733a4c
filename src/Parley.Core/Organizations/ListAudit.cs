namespace Parley.Core.Organizations;

/// <summary>Reads the audit log of the caller's organization. Admins only.</summary>
public sealed class ListAudit(IDatabase database)
{
    /// <summary>Returns the newest entries, the newest first. Throws <c>invalid_request</c> for a limit outside 1–<see cref="Limits.PageRows"/>.</summary>
    public Task<List<AuditEntry>> RunAsync(Caller caller, int limit, CancellationToken cancellationToken)
    {
        caller.RequirePerson(Role.Admin);
        caller.Require(Scopes.Read);
        return limit is >= 1 and <= Limits.PageRows
            ? database.ReadAsync(unit => unit.Audit.ListAsync(caller.OrganizationId, limit), cancellationToken)
            : throw ParleyError.Invalid("limit", $"A page cannot have {limit} rows.", $"Use 1 to {Limits.PageRows}.");
    }
}
