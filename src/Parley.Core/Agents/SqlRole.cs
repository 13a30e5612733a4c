namespace Parley.Core.Agents;

/// <summary>A role of the database that speaks for one agent: it inserts into and reads <c>agent_chat</c>, and nothing else.</summary>
/// <param name="Name">The role, by which one logs in.</param>
/// <param name="Connection">Host, port, database and user as libpq reads them, without the password.</param>
public sealed record SqlRole(string Name, string Connection);

/// <summary>A role with its password, which is shown this once.</summary>
/// <param name="Role">The role.</param>
/// <param name="Password">The password itself; the database keeps only what verifies it.</param>
public sealed record IssuedSqlRole(SqlRole Role, string Password);

/// <summary>Roles of the database that speak for agents. A store without roles has none to end.</summary>
public interface ISqlRoleStore
{
    /// <summary>Makes the agent's role, or gives the one it has a new password. Throws <c>forbidden</c> where Parley's own user may not make roles.</summary>
    ValueTask<SqlRole> IssueAsync(Agent agent, string password, DateTimeOffset now);

    /// <summary>Ends the agent's role at once, also in sessions that are open; false where it has none.</summary>
    ValueTask<bool> RevokeAsync(Guid agentId);

    /// <summary>Keeps all roles of an organization out, or lets those that were not revoked in again.</summary>
    ValueTask SwitchAsync(Guid organizationId, bool on);
}
