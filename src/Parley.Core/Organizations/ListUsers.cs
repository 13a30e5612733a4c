namespace Parley.Core.Organizations;

/// <summary>Lists the people of the caller's organization. Persons only.</summary>
public sealed class ListUsers(IDatabase database)
{
    /// <summary>Returns the users by name.</summary>
    public Task<List<User>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => unit.Organizations.ListUsersAsync(caller.OrganizationId), cancellationToken);
    }
}
