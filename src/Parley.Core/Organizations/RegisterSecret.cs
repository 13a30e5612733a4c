namespace Parley.Core.Organizations;

/// <summary>Makes the secret in the owner's file valid: at the first start, and after the file was replaced.</summary>
public sealed class RegisterSecret(IDatabase database, TimeProvider time)
{
    private const int ShortestSecret = 43;

    /// <summary>
    /// Registers the secret as an unending token of the user; does nothing where it is registered. Throws <c>invalid_request</c> for a secret that is too
    /// short to be one, such as that of a truncated file, and <c>not_found</c> for an unknown user.
    /// </summary>
    public Task RunAsync(Guid ownerUserId, string secret, CancellationToken cancellationToken)
    {
        if (secret.Length < ShortestSecret || !secret.StartsWith(TokenSecret.UserPrefix, StringComparison.Ordinal))
        {
            throw ParleyError.Invalid("secret", "The owner's secret is damaged.", "Delete the file; the next start creates a new one.");
        }

        var hash = TokenSecret.Hash(secret);
        return database.WriteAsync(
            async unit =>
            {
                if (await unit.Tokens.FindAsync(hash) is not null)
                {
                    return false;
                }

                var owner = await UserAsync(unit, ownerUserId);
                var now = time.GetUtcNow();
                unit.Tokens.Add(
                    new Token(Guid.CreateVersion7(now), owner.OrganizationId, AgentId: null, owner.Id, "owner's file", secret[..8], Scopes.All, now, ExpiresAt: null, RevokedAt: null), hash);
                unit.Audit.Append(AuditEntry.Allowed(Caller.System(owner.OrganizationId), now, "token.register", owner.Name));
                return true;
            },
            cancellationToken);
    }

    private static async ValueTask<User> UserAsync(IUnitOfWork unit, Guid id)
    {
        foreach (var organization in await unit.Organizations.ListAsync())
        {
            if (await unit.Organizations.FindUserAsync(organization.Id, id) is { } user)
            {
                return user;
            }
        }

        throw ParleyError.NotFound("user");
    }
}
