using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Lists meetings: all for a person, those it takes part in for an agent.</summary>
public sealed class ListMeetings(IDatabase database, HaltBoard halts)
{
    private const int Most = 100;

    /// <summary>Returns the last started hundred, open or archived.</summary>
    public Task<List<MeetingOverview>> RunAsync(Caller caller, bool archived, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var overviews = new List<MeetingOverview>();
                foreach (var meeting in await unit.Meetings.ListAsync(caller.OrganizationId, caller.IsAgent ? caller.Id : null, archived ? MeetingState.Archived : MeetingState.Open, Most))
                {
                    overviews.Add(await MeetingOverview.ReadAsync(unit, meeting, halts));
                }

                return overviews;
            },
            cancellationToken);
    }
}
