namespace Parley.Core.Organizations;

/// <summary>Lists the browsers that are signed in to the console. Persons only; a member sees their own.</summary>
public sealed class ListConsoleSessions(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the sessions that still open something, newest first, each with the user's name.</summary>
    public async Task<List<TokenOwner>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var tokens = await database.ReadAsync(unit => ListTokens.VisibleAsync(unit, caller), cancellationToken);
        var now = time.GetUtcNow();
        return tokens.FindAll(owner => SignInRules.IsSession(owner.Token) && TokenRules.IsValid(owner, now));
    }
}

/// <summary>Ends the caller's own session in the console.</summary>
public sealed class SignOut(IDatabase database, TimeProvider time)
{
    /// <summary>Throws <c>conflict</c> where the caller's token is not a session of the console.</summary>
    public async Task RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                if (await unit.Tokens.FindHashedAsync(caller.TokenId) is not { } hashed || !SignInRules.IsSession(hashed.Token))
                {
                    throw new ParleyError(ErrorCode.Conflict, "This token is no session of the console.", "Revoke it: parley token revoke ID");
                }

                unit.Audit.Append(AuditEntry.Allowed(caller, now, "console.sign_out", caller.Name));
                return await unit.Tokens.RevokeAsync(caller.OrganizationId, caller.TokenId, now);
            },
            cancellationToken);
    }
}
