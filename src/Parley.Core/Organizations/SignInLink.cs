namespace Parley.Core.Organizations;

/// <summary>A link that opens the console once, for one user.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="UserId">Whom it signs in.</param>
/// <param name="Scopes">What the session that it opens may do.</param>
/// <param name="CreatedBy">Who made it, by name.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops.</param>
public sealed record SignInLink(Guid OrganizationId, Guid UserId, Scopes Scopes, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>How long links and the sessions that they open live. Pure.</summary>
public static class SignInRules
{
    /// <summary>What begins the secret of a link.</summary>
    public const string LinkPrefix = "pl_";

    /// <summary>What begins the secret of a session in the console: it counts in a cookie only, and other tokens never do there.</summary>
    public const string SessionPrefix = "pc_";

    /// <summary>How long a link for oneself can be used: as long as it takes to click on it.</summary>
    public static readonly TimeSpan OwnLink = TimeSpan.FromHours(1);

    /// <summary>How long an invitation of somebody else can be used.</summary>
    public static readonly TimeSpan Invitation = TimeSpan.FromDays(7);

    /// <summary>How long a browser stays signed in.</summary>
    public static readonly TimeSpan Session = TimeSpan.FromDays(14);

    /// <summary>Whether a token is a session of the console.</summary>
    public static bool IsSession(Token token) => token.Prefix.StartsWith(SessionPrefix, StringComparison.Ordinal);
}

/// <summary>Links that open the console, under the hashes of their secrets.</summary>
public interface ISignInStore
{
    /// <summary>Adds a link, and forgets those that have expired.</summary>
    void Add(SignInLink link, byte[] hash);

    /// <summary>Takes the link of that hash out of the store; null where there is none.</summary>
    ValueTask<SignInLink?> TakeAsync(byte[] hash);

    /// <summary>Forgets every link.</summary>
    void Clear();
}
