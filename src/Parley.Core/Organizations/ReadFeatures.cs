namespace Parley.Core.Organizations;

/// <summary>Reads the feature switches of the caller's organization.</summary>
public sealed class ReadFeatures(IDatabase database)
{
    /// <summary>Returns what is switched on.</summary>
    public Task<Features> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit => (await unit.Organizations.FindAsync(caller.OrganizationId) ?? throw ParleyError.NotFound("organization")).Features,
            cancellationToken);
    }
}
