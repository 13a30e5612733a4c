using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Finds a meeting by name or id: any for a person, one that it takes part in for an agent.</summary>
public sealed class FindMeeting(IDatabase database, HaltBoard halts)
{
    /// <summary>Returns the meeting. Throws <c>not_found</c>.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit => await MeetingOverview.ReadAsync(unit, await MeetingLookup.FoundAsync(unit, caller, nameOrId), halts), cancellationToken);
    }
}
