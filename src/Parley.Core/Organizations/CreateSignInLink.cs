namespace Parley.Core.Organizations;

/// <summary>A new link with its secret, which is shown this once.</summary>
/// <param name="Link">The link.</param>
/// <param name="Secret">The secret itself.</param>
/// <param name="Name">Whom it signs in, by name.</param>
public sealed record IssuedSignInLink(SignInLink Link, string Secret, string Name);

/// <summary>Makes a link that opens the console once: for the caller, or an admin's invitation for a user who may do no more.</summary>
public sealed class CreateSignInLink(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the link and its secret. Throws <c>not_found</c> for an unknown user, <c>forbidden</c>.</summary>
    /// <param name="caller">Who asks; what the session may do is what the caller's token may.</param>
    /// <param name="user">The user, by name; null for the caller.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IssuedSignInLink> RunAsync(Caller caller, string? user, CancellationToken cancellationToken)
    {
        var name = user?.Trim().ToLowerInvariant() ?? caller.Name;
        var secret = TokenSecret.Create(SignInRules.LinkPrefix);
        return database.ChangeAsync(
            caller, time, "console.link", name, Role.Member,
            async (unit, now) =>
            {
                var users = await unit.Organizations.ListUsersAsync(caller.OrganizationId);
                var found = users.Find(candidate => candidate.Name == name) ?? throw ParleyError.NotFound("user");
                if (!TokenRules.MayActFor(caller, found.Id, found.Role))
                {
                    throw new ParleyError(ErrorCode.Forbidden, "You may not sign in that user.", "Ask an owner or admin of the organization.");
                }

                var life = found.Id == caller.Id ? SignInRules.OwnLink : SignInRules.Invitation;
                var link = new SignInLink(caller.OrganizationId, found.Id, caller.Scopes, caller.Name, now, now + life);
                unit.SignIns.Add(link, TokenSecret.Hash(secret));
                return new IssuedSignInLink(link, secret, found.Name);
            },
            cancellationToken);
    }
}
