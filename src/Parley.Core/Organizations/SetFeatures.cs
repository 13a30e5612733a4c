namespace Parley.Core.Organizations;

/// <summary>Switches features of the caller's organization. Admins only.</summary>
public sealed class SetFeatures(IDatabase database, TimeProvider time)
{
    /// <summary>Applies the change to what is switched on and returns the result. The change may be run more than once.</summary>
    public Task<Features> RunAsync(Caller caller, Func<Features, Features> change, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "features.set", "organization", Role.Admin,
        async (unit, _) =>
        {
            var organization = await unit.Organizations.FindAsync(caller.OrganizationId) ?? throw ParleyError.NotFound("organization");
            var features = change(organization.Features) & Features.All;
            unit.Organizations.SetFeatures(organization.Id, features);
            if (features.HasFlag(Features.SqlDoor) != organization.Features.HasFlag(Features.SqlDoor))
            {
                await unit.SqlRoles.SwitchAsync(organization.Id, features.HasFlag(Features.SqlDoor));
            }

            return features;
        },
        cancellationToken);
}
