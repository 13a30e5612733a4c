using System.Buffers.Text;
using System.Security.Cryptography;
using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Makes the database role of an agent, or gives it a new password. The agent's owner or an admin only; PostgreSQL only.</summary>
public sealed class CreateSqlRole(IDatabase database, TimeProvider time)
{
    /// <summary>
    /// Returns the role and its password. Throws <c>conflict</c> on a database without roles, <c>feature_off</c>, <c>not_found</c>, and
    /// <c>forbidden</c>, also where Parley's own database user may not make roles.
    /// </summary>
    public Task<IssuedSqlRole> RunAsync(Caller caller, string agent, CancellationToken cancellationToken)
    {
        if (!database.IsPostgres)
        {
            throw new ParleyError(
                ErrorCode.Conflict, "The SQL door needs PostgreSQL; this server stores in SQLite, which has no roles.",
                "Start the server with --database and a PostgreSQL connection string, or send with 'parley send agent_chat'.");
        }

        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        return database.ChangeAsync(
            caller, time, "agent.sql_role", agent, Role.Member,
            async (unit, now) =>
            {
                var managed = await AgentRules.ManagedAsync(unit, caller, agent);
                var organization = await unit.Organizations.FindAsync(caller.OrganizationId);
                return organization?.Features.HasFlag(Features.SqlDoor) == true
                    ? new IssuedSqlRole(await unit.SqlRoles.IssueAsync(managed, password, now), password)
                    : throw new ParleyError(ErrorCode.FeatureOff, "The SQL door is switched off in this organization.", "An admin can switch it on: parley feature on sql_door");
            },
            cancellationToken);
    }
}
