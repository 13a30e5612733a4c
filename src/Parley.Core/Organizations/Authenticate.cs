namespace Parley.Core.Organizations;

/// <summary>Finds who is behind a secret.</summary>
public sealed class Authenticate(IDatabase database, TimeProvider time)
{
    private const int LongestSecret = 200;

    /// <summary>
    /// Returns the caller. Throws <c>unauthenticated</c> in the same words for a secret that is unknown, expired, revoked, or whose agent was removed.
    /// </summary>
    public async Task<Caller> RunAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length is 0 or > LongestSecret)
        {
            throw Refusal();
        }

        var hash = TokenSecret.Hash(secret);
        var owner = await database.ReadUrgentlyAsync(unit => unit.Tokens.FindAsync(hash), cancellationToken);
        return owner is not null && TokenRules.IsValid(owner, time.GetUtcNow()) ? TokenRules.CallerOf(owner) : throw Refusal();
    }

    private static ParleyError Refusal() =>
        new(ErrorCode.Unauthenticated, "The token is missing, unknown, expired or revoked.", "Issue a token: 'parley token add', and send it as 'Authorization: Bearer <token>'.");
}
