using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Permissions;

/// <summary>A person allows or denies what the program of an agent wants to do.</summary>
public sealed class DecidePermission(IDatabase database, TimeProvider time)
{
    /// <summary>
    /// Returns the question as it is then. The agent's owner or an admin. Throws <c>not_found</c>, <c>forbidden</c>, and <c>conflict</c> where it was decided or has expired.
    /// </summary>
    public Task<Permission> RunAsync(Caller caller, Guid id, bool allow, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, allow ? "permission.allow" : "permission.deny", id.ToString(), Role.Member,
        async (unit, now) =>
        {
            var asked = await unit.Permissions.FindAsync(caller.OrganizationId, id) ?? throw ParleyError.NotFound("question for permission", "parley permission list");
            await AgentRules.ManagedAsync(unit, caller, asked.AgentId.ToString());
            if (asked.ExpiresAt <= now || !await unit.Permissions.DecideAsync(id, allow ? PermissionState.Allowed : PermissionState.Denied, caller.Name, now))
            {
                throw new ParleyError(ErrorCode.Conflict, "That question was decided already, or its time is over.", "See what waits: parley permission list");
            }

            await unit.Obligations.ResolveAsync(caller.OrganizationId, id, now);
            return (await unit.Permissions.FindAsync(caller.OrganizationId, id))!;
        },
        cancellationToken);
}

/// <summary>Lists what programs of agents want to do.</summary>
public sealed class ListPermissions(IDatabase database, TimeProvider time)
{
    /// <summary>Returns what waits for a person, oldest first; with <paramref name="all"/> the newest whatever became of them. Persons only.</summary>
    public async Task<List<Permission>> RunAsync(Caller caller, bool all, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var found = await database.ReadAsync(unit => unit.Permissions.ListAsync(caller.OrganizationId, all, Limits.PageRows), cancellationToken);
        var now = time.GetUtcNow();
        return all ? found : found.FindAll(asked => asked.ExpiresAt > now);
    }
}
