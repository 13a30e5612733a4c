using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Asks for a token: for an agent or for a user; for the caller where neither is named.</summary>
/// <param name="Agent">The agent it is to speak for, or null.</param>
/// <param name="User">The user it is to speak for, or null.</param>
/// <param name="Label">What to call it.</param>
/// <param name="ExpiresInDays">1–3650; null is 365.</param>
/// <param name="Scopes">What it may do; null is read and send for an agent, all for a user.</param>
public sealed record IssueTokenInput(string? Agent = null, string? User = null, string? Label = null, int? ExpiresInDays = null, Scopes? Scopes = null);

/// <summary>A new token with its secret, which is shown this once.</summary>
/// <param name="Token">The token.</param>
/// <param name="Secret">The secret itself.</param>
/// <param name="Name">The name of the agent or user it speaks for.</param>
public sealed record IssuedToken(Token Token, string Secret, string Name);

/// <summary>Issues a token. Persons only: for themselves, for agents they own; an admin for others who may do no more.</summary>
public sealed class IssueToken(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the token and its secret. Throws <c>not_found</c> for an unknown name, <c>forbidden</c>, <c>invalid_request</c>.</summary>
    public Task<IssuedToken> RunAsync(Caller caller, IssueTokenInput input, CancellationToken cancellationToken)
    {
        if (input is { Agent: not null, User: not null })
        {
            throw ParleyError.Invalid("user", "A token speaks for an agent or for a user, not for both.", "Name one of them.");
        }

        var label = Remark.Check(input.Label, "label");
        var secret = TokenSecret.Create(input.Agent is null ? TokenSecret.UserPrefix : TokenSecret.AgentPrefix);
        return database.ChangeAsync(
            caller, time, "token.issue", input.Agent ?? input.User ?? caller.Name, Role.Member,
            async (unit, now) =>
            {
                var scopes = TokenRules.ScopesOf(input.Scopes, input.Agent is not null, caller);
                var (agentId, userId, name) = await OwnerAsync(unit, caller, input);
                var token = new Token(
                    Guid.CreateVersion7(now), caller.OrganizationId, agentId, userId, label, secret[..8], scopes,
                    now, TokenRules.ExpiryOf(input.ExpiresInDays, now), RevokedAt: null);
                unit.Tokens.Add(token, TokenSecret.Hash(secret));
                return new IssuedToken(token, secret, name);
            },
            cancellationToken);
    }

    private static async ValueTask<(Guid? AgentId, Guid? UserId, string Name)> OwnerAsync(IUnitOfWork unit, Caller caller, IssueTokenInput input)
    {
        if (input.Agent is not null)
        {
            var agent = await AgentRules.ManagedAsync(unit, caller, input.Agent);
            return (agent.Id, null, agent.Name);
        }

        var name = input.User?.Trim().ToLowerInvariant() ?? caller.Name;
        var users = await unit.Organizations.ListUsersAsync(caller.OrganizationId);
        var user = users.Find(candidate => candidate.Name == name) ?? throw ParleyError.NotFound("user");
        return TokenRules.MayActFor(caller, user.Id, user.Role)
            ? (null, user.Id, user.Name)
            : throw new ParleyError(ErrorCode.Forbidden, "You may not issue a token for that user.", "Ask an owner or admin of the organization.");
    }
}
