using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Finds meetings within what the caller may know of.</summary>
internal static class MeetingLookup
{
    /// <summary>The meeting of that name or id; an agent knows those it takes part in. Throws <c>not_found</c> in the same words for every other.</summary>
    public static async ValueTask<Meeting> FoundAsync(IUnitOfWork unit, Caller caller, string? nameOrId) =>
        await FindAsync(unit, caller, nameOrId) ?? throw ParleyError.NotFound("meeting");

    /// <summary>The meeting of that name or id that the caller may know of, or null.</summary>
    public static async ValueTask<Meeting?> FindAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var name = nameOrId?.Trim().ToLowerInvariant() ?? "";
        if (!Name.HasForm(name))
        {
            return null;
        }

        var meeting = await unit.Meetings.FindAsync(caller.OrganizationId, name)
            ?? (Guid.TryParse(name, out var id) ? await unit.Meetings.FindAsync(caller.OrganizationId, id) : null);
        return meeting is not null && (!caller.IsAgent || await unit.Conversations.IsMemberAsync(meeting.Id, caller.Id)) ? meeting : null;
    }

    /// <summary>The meeting, locked for a change by a person. Throws <c>not_found</c>.</summary>
    public static async ValueTask<Meeting> LockedAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var found = await FoundAsync(unit, caller, nameOrId);
        await unit.Conversations.LockAsync(found.Id);
        return await FoundAsync(unit, caller, found.Id.ToString());
    }

    /// <summary>Throws <c>feature_off</c> where the organization has switched meetings off.</summary>
    public static async ValueTask CheckFeatureAsync(IUnitOfWork unit, Guid organizationId)
    {
        if (await unit.Organizations.FindAsync(organizationId) is not { } organization || !organization.Features.HasFlag(Features.Meetings))
        {
            throw new ParleyError(ErrorCode.FeatureOff, "Meetings are switched off in this organization.", "An admin can switch them on: parley feature on meetings");
        }
    }

    /// <summary>The refusal of what an archived meeting does not take.</summary>
    public static ParleyError Archived(Meeting meeting) =>
        new(ErrorCode.Conflict, $"The meeting '{meeting.Name}' is archived.", $"A person can open it again: parley meeting resume {meeting.Name}");

    /// <summary>The participant of that name or alias; throws <c>not_found</c>.</summary>
    public static async ValueTask<Agent> ParticipantAsync(IUnitOfWork unit, Meeting meeting, string? name)
    {
        var wanted = name?.Trim().TrimStart('@').ToLowerInvariant();
        return (await unit.Conversations.MembersAsync(meeting.Id)).Find(agent => agent.IsCalled(wanted)) ?? throw ParleyError.NotFound("participant");
    }
}
