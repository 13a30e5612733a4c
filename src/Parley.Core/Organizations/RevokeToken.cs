namespace Parley.Core.Organizations;

/// <summary>Ends a token; open connections that use it are closed within two seconds.</summary>
public sealed class RevokeToken(IDatabase database, TimeProvider time)
{
    /// <summary>Throws <c>not_found</c> for a token that the caller may not see or that has ended, <c>forbidden</c> for one of a user who may do more.</summary>
    public Task RunAsync(Caller caller, Guid id, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "token.revoke", id.ToString(), Role.Member,
        async (unit, now) =>
        {
            var visible = await ListTokens.VisibleAsync(unit, caller);
            var owner = visible.Find(candidate => candidate.Token.Id == id) ?? throw ParleyError.NotFound("token");
            if (owner.Token.UserId is { } userId && !TokenRules.MayActFor(caller, userId, owner.Role))
            {
                throw new ParleyError(ErrorCode.Forbidden, "You may not end a token of that user.", "Ask an owner of the organization.");
            }

            return await unit.Tokens.RevokeAsync(caller.OrganizationId, id, now) ? true : throw ParleyError.NotFound("token");
        },
        cancellationToken);
}
