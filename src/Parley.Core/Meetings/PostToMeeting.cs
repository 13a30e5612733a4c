using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Something to say in a meeting.</summary>
/// <param name="Content">The text.</param>
/// <param name="Key">Makes a repeat find the first, or null.</param>
/// <param name="To">Participants to ask besides those of the text.</param>
/// <param name="ReplyTo">The message of the meeting that it answers, or null.</param>
public sealed record PostToMeetingInput(string? Content, string? Key = null, IReadOnlyList<string>? To = null, Guid? ReplyTo = null);

/// <summary>Says something in a meeting: a person, or an agent that takes part. The message goes the way of every other.</summary>
public sealed class PostToMeeting(IDatabase database, SendMessage send)
{
    /// <summary>
    /// Returns the message with its <see cref="Chain"/>, which has whom it asks. Throws <c>not_found</c>, <c>conflict</c> for an archived meeting, <c>invalid_request</c>
    /// where <c>to</c> names somebody who is not in the room, and the refusals of a send.
    /// </summary>
    public async Task<SendReceipt> RunAsync(Caller caller, string nameOrId, PostToMeetingInput input, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Send);
        var (id, participants) = await database.ReadAsync(
            async unit =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                return (meeting.Id, await unit.Conversations.MembersAsync(meeting.Id));
            },
            cancellationToken);
        var message = new SendInput
        {
            To = MeetingRoutes.Address + id, Content = input.Content, Key = input.Key, ReplyTo = input.ReplyTo, Mentions = MentionsOf(input, participants),
        };
        return await send.RunAsync(caller, message, cancellationToken);
    }

    private static List<string>? MentionsOf(PostToMeetingInput input, List<Agent> participants)
    {
        if (input.To is not { Count: > 0 } to)
        {
            return null;
        }

        var names = to.Select(name => name?.Trim().TrimStart('@').ToLowerInvariant() ?? "").ToList();
        return names.Find(name => !participants.Exists(agent => agent.IsCalled(name))) is { } stranger
            ? throw MeetingRules.NotInTheRoom("to", stranger, participants.ConvertAll(agent => agent.Name))
            : [.. names.Concat(Mentions.In(input.Content ?? "")).Distinct()];
    }
}
