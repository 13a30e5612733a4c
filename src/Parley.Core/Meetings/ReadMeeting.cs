using System.Runtime.CompilerServices;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Reads what was said in a meeting: any for a person, one that it takes part in for an agent.</summary>
public sealed class ReadMeeting(IDatabase database)
{
    /// <summary>The messages above a number in the order said, or, for null, the last ones. Throws <c>not_found</c>.</summary>
    public Task<List<Message>> PageAsync(Caller caller, string nameOrId, long? after, int limit, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                var page = await unit.Messages.PageAsync(new HistoryQuery(caller.OrganizationId, meeting.Id, After: after, Limit: limit));
                if (after is null)
                {
                    page.Reverse();
                }

                return page.ConvertAll(message => ReadMessages.Shown(message, caller));
            },
            cancellationToken);
    }

    /// <summary>The messages of the meeting that wait for a person, oldest first. Throws <c>not_found</c>.</summary>
    public Task<List<Message>> HeldAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                var held = await unit.Messages.HeldAsync(caller.OrganizationId, Limits.PageRows, meeting.Id);
                return held.ConvertAll(message => ReadMessages.Shown(message, caller));
            },
            cancellationToken);
    }

    /// <summary>Those of the messages that there are, in the order said. Throws <c>not_found</c> for the meeting.</summary>
    public Task<List<Message>> FindAsync(Caller caller, string nameOrId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var meeting = await MeetingLookup.FoundAsync(unit, caller, nameOrId);
                var found = new List<Message>();
                foreach (var id in ids)
                {
                    if (await unit.Messages.FindAsync(caller.OrganizationId, id) is { } message && message.ConversationId == meeting.Id)
                    {
                        found.Add(ReadMessages.Shown(message, caller));
                    }
                }

                found.Sort(static (one, other) => one.Number.CompareTo(other.Number));
                return found;
            },
            cancellationToken);
    }

    /// <summary>The whole transcript as far as it is now, read page by page. Throws <c>not_found</c> before the first.</summary>
    public async IAsyncEnumerable<Message> AllAsync(Caller caller, string nameOrId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = 0;
        List<Message> page;
        do
        {
            page = await PageAsync(caller, nameOrId, after, Limits.PageRows, cancellationToken);
            foreach (var message in page)
            {
                yield return message;
                after = message.Number;
            }
        }
        while (page.Count == Limits.PageRows);
    }
}
