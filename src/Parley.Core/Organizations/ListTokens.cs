namespace Parley.Core.Organizations;

/// <summary>Lists tokens without their secrets. Persons only; a member sees their own and those of their agents.</summary>
public sealed class ListTokens(IDatabase database)
{
    /// <summary>Returns the tokens, newest first, ended ones included, each with the name it speaks for. Sessions of the console are not among them.</summary>
    public async Task<List<TokenOwner>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var tokens = await database.ReadAsync(unit => VisibleAsync(unit, caller), cancellationToken);
        return tokens.FindAll(owner => !SignInRules.IsSession(owner.Token));
    }

    /// <summary>The tokens that the caller may see.</summary>
    internal static async ValueTask<List<TokenOwner>> VisibleAsync(IUnitOfWork unit, Caller caller)
    {
        var tokens = await unit.Tokens.ListAsync(caller.OrganizationId);
        if (caller.Role > Role.Admin)
        {
            var own = (await unit.Agents.ListAsync(caller.OrganizationId)).Where(agent => agent.OwnerId == caller.Id).Select(agent => agent.Id).ToHashSet();
            tokens.RemoveAll(owner => owner.Token.UserId != caller.Id && !(owner.Token.AgentId is { } agentId && own.Contains(agentId)));
        }

        return tokens;
    }
}
