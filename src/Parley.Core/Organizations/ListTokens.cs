namespace Parley.Core.Organizations;

/// <summary>Lists tokens without their secrets. Persons only; a member sees their own and those of their agents.</summary>
public sealed class ListTokens(IDatabase database)
{
    /// <summary>Returns the tokens, newest first, ended ones included, each with the name it speaks for.</summary>
    public Task<List<TokenOwner>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => VisibleAsync(unit, caller), cancellationToken);
    }

    /// <summary>The tokens that the caller may see.</summary>
    internal static async ValueTask<List<TokenOwner>> VisibleAsync(IUnitOfWork unit, Caller caller)
    {
        var users = (await unit.Organizations.ListUsersAsync(caller.OrganizationId)).ToDictionary(user => user.Id);
        var agents = (await unit.Agents.ListAsync(caller.OrganizationId)).ToDictionary(agent => agent.Id);
        var visible = new List<TokenOwner>();
        foreach (var token in await unit.Tokens.ListAsync(caller.OrganizationId))
        {
            if (token.AgentId is { } agentId)
            {
                if (!agents.TryGetValue(agentId, out var agent))
                {
                    agent = await unit.Agents.FindAsync(caller.OrganizationId, agentId);
                    agents.Add(agentId, agent!);
                }

                if (caller.Role <= Role.Admin || agent!.OwnerId == caller.Id)
                {
                    visible.Add(new TokenOwner(token, agent!.Name, Role.Member, agent.RemovedAt is not null));
                }
            }
            else if (token.UserId is { } userId && users.TryGetValue(userId, out var user) && (caller.Role <= Role.Admin || userId == caller.Id))
            {
                visible.Add(new TokenOwner(token, user.Name, user.Role, Removed: false));
            }
        }

        return visible;
    }
}
