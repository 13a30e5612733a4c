namespace Parley.Core.Organizations;

/// <summary>One line of the append-only audit log.</summary>
/// <param name="At">When.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Actor">Who, as kind and name: <c>user:owner</c>, <c>agent:tesla</c>.</param>
/// <param name="Action">What was asked: <c>link.create</c>, <c>token.revoke</c>, …</param>
/// <param name="Target">To what: its name.</param>
/// <param name="Decision"><c>allowed</c>, or the code it was refused with.</param>
/// <param name="Details">JSON with what else matters; never a secret, never a message's text.</param>
public sealed record AuditEntry(DateTimeOffset At, Guid OrganizationId, string Actor, string Action, string Target, string Decision, string Details)
{
    /// <summary>An allowed action of the caller.</summary>
    public static AuditEntry Allowed(Caller caller, DateTimeOffset at, string action, string target, string details = "{}") =>
        new(at, caller.OrganizationId, $"{caller.Kind.ToString().ToLowerInvariant()}:{caller.Name}", action, target, "allowed", details);

    /// <summary>A refused action of the caller. The target is what was typed, so it is cut and stripped of what cannot be stored.</summary>
    public static AuditEntry Refused(Caller caller, DateTimeOffset at, string action, string target, ErrorCode code) =>
        Allowed(caller, at, action, string.Concat(target.Where(character => !char.IsControl(character) && !char.IsSurrogate(character)).Take(100))) with { Decision = code.Name };
}
