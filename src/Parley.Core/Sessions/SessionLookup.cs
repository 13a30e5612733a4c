using Parley.Core.Organizations;

namespace Parley.Core.Sessions;

/// <summary>Finds spawned sessions within what the caller may know of.</summary>
internal static class SessionLookup
{
    /// <summary>
    /// The session of that key, id or label. An agent knows what it has spawned and what it works in; at work in a spawned session only what that has spawned, so that
    /// nothing is read of its parent's. Throws <c>not_found</c> in the same words for every other.
    /// </summary>
    public static async ValueTask<Subagent> FoundAsync(IUnitOfWork unit, Caller caller, string? name)
    {
        var wanted = name?.Trim() ?? "";
        if (wanted.Length is 0 or > 200 || Messages.Draft.Unstorable(wanted))
        {
            throw ParleyError.NotFound("session");
        }

        var session = Guid.TryParse(wanted, out var id)
            ? await unit.Subagents.FindAsync(caller.OrganizationId, id)
            : await unit.Subagents.FindByKeyAsync(caller.OrganizationId, wanted.ToLowerInvariant())
                ?? await unit.Subagents.FindLabelAsync(caller.OrganizationId, caller.IsAgent ? caller.Id : null, wanted);
        return session is not null && await MayKnowAsync(unit, caller, session) ? session : throw ParleyError.NotFound("session");
    }

    /// <summary>The session, for somebody who may steer and end it: who spawned it, or a person. Throws <c>not_found</c>, and <c>forbidden</c> for the agent at work in it.</summary>
    public static async ValueTask<Subagent> CommandedAsync(IUnitOfWork unit, Caller caller, string? name)
    {
        var session = await FoundAsync(unit, caller, name);
        return !caller.IsAgent || (caller.Id == session.ParentId && !SessionRoutes.IsInside(caller, session))
            ? session
            : throw new ParleyError(ErrorCode.Forbidden, "Only who spawned a session, or a person, may steer and end it.", "Answer in it instead: your last text is its result.");
    }

    /// <summary>The refusal of what a session takes no more.</summary>
    public static ParleyError Ended(Subagent session) => new(
        ErrorCode.SessionEnded, $"The session '{session.Key}' has ended ({SubagentRules.NameOf(session.State)}).", $"See its result: parley session show {session.Key}");

    /// <summary>Throws <c>feature_off</c> where the organization has switched sub-agents off.</summary>
    public static async ValueTask CheckFeatureAsync(IUnitOfWork unit, Guid organizationId)
    {
        if (await unit.Organizations.FindAsync(organizationId) is not { } organization || !organization.Features.HasFlag(Features.Subagents))
        {
            throw new ParleyError(ErrorCode.FeatureOff, "Sub-agents are switched off in this organization.", "An admin can switch them on: parley feature on subagents");
        }
    }

    /// <summary>Whether the caller may see the session.</summary>
    public static async ValueTask<bool> MayKnowAsync(IUnitOfWork unit, Caller caller, Subagent session)
    {
        if (!caller.IsAgent)
        {
            return true;
        }

        if (caller.Origin is { } origin && await unit.Subagents.FindAsync(caller.OrganizationId, origin.SessionId) is not null)
        {
            return session.Id == origin.SessionId || session.ParentSessionId == origin.SessionId;
        }

        return caller.Id == session.ParentId || caller.Id == session.AgentId;
    }
}
