namespace Parley.Core.Organizations;

/// <summary>What tokens may be and who may handle them. Pure.</summary>
public static class TokenRules
{
    /// <summary>How long a token lives where nothing is said, in days.</summary>
    public const int DefaultDays = 365;

    /// <summary>How long a token may live at the most, in days.</summary>
    public const int MostDays = 3650;

    /// <summary>Whether the token opens anything at that time.</summary>
    public static bool IsValid(TokenOwner owner, DateTimeOffset now) =>
        !owner.Removed && owner.Token.RevokedAt is null && !(owner.Token.ExpiresAt <= now);

    /// <summary>The caller that a valid token stands for.</summary>
    public static Caller CallerOf(TokenOwner owner) => owner.Token switch
    {
        { AgentId: { } agent } token => new Caller(CallerKind.Agent, token.OrganizationId, agent, owner.Name, Role.Member, token.Scopes & ~Scopes.Manage, token.Id),
        { UserId: { } user } token => new Caller(CallerKind.User, token.OrganizationId, user, owner.Name, owner.Role, token.Scopes, token.Id),
        _ => throw new ParleyError(ErrorCode.Internal, "The token belongs to nobody.", "Run 'parley doctor'."),
    };

    /// <summary>Whether a person may issue and end a user's tokens: their own, or an admin's those of users who may do no more.</summary>
    public static bool MayActFor(Caller caller, Guid userId, Role role) =>
        caller.Id == userId || (caller.Role <= Role.Admin && caller.Role <= role);

    /// <summary>The scopes of a new token; throws where they are more than the one it is for may have, or more than the caller has.</summary>
    public static Scopes ScopesOf(Scopes? asked, bool forAgent, Caller caller)
    {
        var most = forAgent ? Scopes.Read | Scopes.Send : Scopes.All;
        var scopes = asked ?? most;
        if (scopes == Scopes.None || (scopes & ~most) != 0)
        {
            throw ParleyError.Invalid("scopes", "The scopes are none, unknown, or not for an agent.", "Use read and send; manage only for a user.");
        }

        caller.Require(scopes);
        return scopes;
    }

    /// <summary>When a token of that many days ends.</summary>
    public static DateTimeOffset ExpiryOf(int? days, DateTimeOffset now) =>
        (days ?? DefaultDays) is >= 1 and <= MostDays and var valid
            ? now.AddDays(valid)
            : throw ParleyError.Invalid("expires_in_days", $"A token cannot live {days} days.", $"Use 1 to {MostDays} days.");
}
