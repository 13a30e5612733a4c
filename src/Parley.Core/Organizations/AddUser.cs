namespace Parley.Core.Organizations;

/// <summary>Adds a person. Admins only, and nobody adds one who may do more than themselves.</summary>
public sealed class AddUser(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the user, who has no token yet. Refuses a name in use with <c>conflict</c>, too high a role with <c>forbidden</c>.</summary>
    public Task<User> RunAsync(Caller caller, string? name, Role role, CancellationToken cancellationToken)
    {
        var valid = Name.Check(name, "name");
        return database.ChangeAsync(
            caller, time, "user.add", valid, Role.Admin,
            async (unit, now) =>
            {
                if (role < caller.Role)
                {
                    throw new ParleyError(ErrorCode.Forbidden, "You may not add a user who may do more than you.", "Ask an owner of the organization.");
                }

                if ((await unit.Organizations.ListUsersAsync(caller.OrganizationId)).Exists(user => user.Name == valid))
                {
                    throw new ParleyError(ErrorCode.Conflict, $"There is a user called '{valid}' already.", "Choose another name.");
                }

                var user = new User(Guid.CreateVersion7(now), caller.OrganizationId, valid, role, now);
                unit.Organizations.AddUser(user);
                return user;
            },
            cancellationToken);
    }
}
