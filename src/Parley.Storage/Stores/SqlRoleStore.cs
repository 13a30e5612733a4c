using Npgsql;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Storage.Postgres;

namespace Parley.Storage.Stores;

/// <summary>Roles of PostgreSQL that speak for agents; the functions are those of migration 2. SQLite has no roles.</summary>
internal sealed class SqlRoleStore(Session session) : ISqlRoleStore
{
    public async ValueTask<SqlRole> IssueAsync(Agent agent, string password, DateTimeOffset now)
    {
        try
        {
            // One at a time in an organization, because the first makes its schema.
            await session.FirstAsync("select 1 from organizations where id = $1 for no key update", row => row.Int(0), agent.OrganizationId);
            var name = await session.FirstAsync(
                """
                insert into parley_sql.sql_roles (agent_id, organization_id, name, active, created_at) values ($1, $2, $3, 1, $4)
                on conflict (agent_id) do update set active = 1 returning name
                """,
                row => row.Text(0), agent.Id, agent.OrganizationId, $"parley_{Guid.NewGuid().ToString("N")[..16]}", now);
            await session.FirstAsync("select parley_make_role($1, parley_open_door($2), $3)::text", row => row.Text(0), name, agent.OrganizationId, ScramVerifier.Of(password));
            var connection = await session.FirstAsync(
                "select format('host=%s port=%s dbname=%s user=%s', coalesce(host(inet_server_addr()), 'localhost'), current_setting('port'), current_database(), $1::text)",
                row => row.Text(0), name);
            return new SqlRole(name!, connection!);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new ParleyError(
                ErrorCode.Forbidden, $"Parley's own database user may not make roles: {failure.MessageText}.",
                "As the database's administrator: ALTER ROLE <Parley's user> CREATEROLE; GRANT CREATE ON DATABASE <Parley's database> TO <Parley's user>;", failure);
        }
    }

    public async ValueTask<bool> RevokeAsync(Guid agentId)
    {
        if (!session.Dialect.IsPostgres)
        {
            return false;
        }

        var organizationId = await session.FirstAsync(
            "update parley_sql.sql_roles set active = 0 where agent_id = $1 and active = 1 returning organization_id", row => row.GuidOrNull(0), agentId);
        if (organizationId is not null)
        {
            await SwitchAsync("r.agent_id = $1", agentId, on: false);
        }

        return organizationId is not null;
    }

    public async ValueTask SwitchAsync(Guid organizationId, bool on)
    {
        if (session.Dialect.IsPostgres)
        {
            await SwitchAsync("r.organization_id = $1 and r.active = 1", organizationId, on);
        }
    }

    private async ValueTask SwitchAsync(string which, Guid id, bool on) => await session.ListAsync(
        $"select parley_switch_role(r.name, parley_open_door(r.organization_id), $2 = 1)::text from parley_sql.sql_roles r where {which}", row => row.IsNull(0), id, on);
}
