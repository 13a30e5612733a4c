using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Changes of a meeting; null stays as it is.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="ChainLength">The maximum chain length.</param>
/// <param name="Limits">Replaces all limits.</param>
/// <param name="Strategy">When chains end.</param>
/// <param name="Moderator">A participant; empty for none.</param>
public sealed record EditMeetingInput(
    string? Topic = null, int? ChainLength = null, IReadOnlyDictionary<string, int>? Limits = null, string? Strategy = null, string? Moderator = null);

/// <summary>Changes a meeting's settings. What was said before keeps the chain it had. Persons only.</summary>
public sealed class EditMeeting(IDatabase database, HaltBoard halts, TimeProvider time)
{
    /// <summary>Returns the meeting. Throws <c>not_found</c>, <c>invalid_request</c>.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, string nameOrId, EditMeetingInput input, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "meeting.edit", nameOrId, Role.Member,
        async (unit, _) =>
        {
            var meeting = await MeetingLookup.LockedAsync(unit, caller, nameOrId);
            var names = (await unit.Conversations.MembersAsync(meeting.Id)).ConvertAll(agent => agent.Name);
            var strategy = input.Strategy is null ? meeting.Strategy : MeetingRules.StrategyOf(input.Strategy);
            if (strategy == Strategy.Moderator && names.Count == 0)
            {
                throw ParleyError.Invalid("strategy", "There is nobody in the room to moderate.", "Add a participant first.");
            }

            var changed = meeting with
            {
                Topic = input.Topic is null ? meeting.Topic : MeetingRules.Topic(input.Topic),
                ChainLength = input.ChainLength is { } length ? MeetingRules.ChainLength(length) : meeting.ChainLength,
                Limits = input.Limits is null ? meeting.Limits : MeetingRules.LimitsOf(input.Limits, names),
                Strategy = strategy,
                Moderator = MeetingRules.ModeratorOf(input.Moderator ?? meeting.Moderator, strategy, names),
            };
            unit.Meetings.Update(changed);
            return await MeetingOverview.ReadAsync(unit, changed with { Revision = meeting.Revision + 1 }, halts);
        },
        cancellationToken);
}
