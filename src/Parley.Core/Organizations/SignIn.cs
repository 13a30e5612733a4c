namespace Parley.Core.Organizations;

/// <summary>Exchanges a one-time link for a session in the console.</summary>
public sealed class SignIn(IDatabase database, TimeProvider time)
{
    private const int LongestSecret = 200;

    /// <summary>
    /// Returns the session's token and its secret, for a cookie. Throws <c>unauthenticated</c> in the same words for a link that is unknown, was used,
    /// or has expired.
    /// </summary>
    /// <param name="link">The link's secret.</param>
    /// <param name="label">What to call the session: the browser and system.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IssuedSession> RunAsync(string? link, string label, CancellationToken cancellationToken)
    {
        if (link is null || link.Length > LongestSecret || !link.StartsWith(SignInRules.LinkPrefix, StringComparison.Ordinal))
        {
            throw Refusal();
        }

        var secret = TokenSecret.Create(SignInRules.SessionPrefix);
        return await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var taken = await unit.SignIns.TakeAsync(TokenSecret.Hash(link));
                var user = taken is not null && taken.ExpiresAt > now ? await unit.Organizations.FindUserAsync(taken.OrganizationId, taken.UserId) : null;
                if (user is null)
                {
                    throw Refusal();
                }

                var token = new Token(
                    Guid.CreateVersion7(now), user.OrganizationId, AgentId: null, user.Id, Remark.Check(label, "label"), secret[..8], taken!.Scopes, now, now + SignInRules.Session, RevokedAt: null);
                unit.Tokens.Add(token, TokenSecret.Hash(secret));
                var caller = TokenRules.CallerOf(new TokenOwner(token, user.Name, user.Role, Removed: false));
                unit.Audit.Append(AuditEntry.Allowed(caller, now, "console.sign_in", user.Name));
                return new IssuedSession(token, secret, user.Name, user.Role);
            },
            cancellationToken);
    }

    private static ParleyError Refusal() =>
        new(ErrorCode.Unauthenticated, "The link was used already, has expired or is unknown.", "Get a new one on the server's machine with 'parley console', or ask who invited you.");
}

/// <summary>A new session in the console.</summary>
/// <param name="Token">The session.</param>
/// <param name="Secret">Its secret, for the cookie.</param>
/// <param name="Name">Who is signed in.</param>
/// <param name="Role">What they may do.</param>
public sealed record IssuedSession(Token Token, string Secret, string Name, Role Role);
