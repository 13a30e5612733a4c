using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Opens an archived meeting again. Persons only.</summary>
public sealed class ResumeMeeting(IDatabase database, HaltBoard halts, TimeProvider time)
{
    /// <summary>Returns the meeting; nothing changes where it is open. Throws <c>not_found</c>, <c>feature_off</c>.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "meeting.resume", nameOrId, Role.Member,
        async (unit, _) =>
        {
            await MeetingLookup.CheckFeatureAsync(unit, caller.OrganizationId);
            return await ArchiveMeeting.SetAsync(unit, caller, nameOrId, MeetingState.Open, halts);
        },
        cancellationToken);
}
