using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Makes one participant speak, also where a chain met its limit: a person asks it, which begins a chain of its own. Persons only.</summary>
public sealed class RespondInMeeting(IDatabase database, PostToMeeting post)
{
    /// <summary>Returns the person's message that asks. Throws <c>not_found</c> for a stranger to the room, <c>halted</c>, and the refusals of a send.</summary>
    public async Task<SendReceipt> RunAsync(Caller caller, string nameOrId, string agent, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Send);
        var (name, about) = await database.ReadAsync(
            async unit =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                var participant = await MeetingLookup.ParticipantAsync(unit, meeting, agent);
                return (participant.Name, await AboutAsync(unit, meeting, participant.Name));
            },
            cancellationToken);
        var text = about is { SenderKind: CallerKind.Agent } ? $"@{name}, please respond to {about.SenderName}." : $"@{name}, please respond.";
        return await post.RunAsync(caller, nameOrId, new PostToMeetingInput(text, To: [name], ReplyTo: about?.Id), cancellationToken);
    }

    /// <summary>The newest message in which the participant was mentioned and not heard, else the newest that is not its own.</summary>
    private static async ValueTask<Message?> AboutAsync(IUnitOfWork unit, Meeting meeting, string name)
    {
        var newest = await unit.Messages.PageAsync(new HistoryQuery(meeting.OrganizationId, meeting.Id, Limit: 50));
        return newest.Find(message => Chain.Of(message)?.Unheard.Contains(name) == true) ?? newest.Find(message => message.SenderName != name);
    }
}
