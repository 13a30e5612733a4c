using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Puts a type of messages on hold in the caller's organization, or takes it off. Admins only. What waits already goes on waiting.</summary>
public sealed class HoldType(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the types that are held now. Putting one on hold twice changes nothing. Throws <c>invalid_request</c> for an unknown type.</summary>
    public Task<HeldTypes> RunAsync(Caller caller, string type, bool on, CancellationToken cancellationToken)
    {
        var found = HoldRules.Find(type);
        return database.ChangeAsync(
            caller, time, on ? "hold.on" : "hold.off", $"type:{type}", Role.Admin,
            async (unit, _) =>
            {
                var held = HoldRules.With(await unit.Organizations.HeldTypesAsync(caller.OrganizationId), found, on);
                unit.Organizations.SetHeldTypes(caller.OrganizationId, held);
                return held;
            },
            cancellationToken);
    }
}
