using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Server.Http;

/// <summary>The messages of a room that waited for a person when they were shown, so that they are shown once more when that person has decided.</summary>
internal sealed class HeldBack(ReadMeeting read, Caller caller, Guid meeting)
{
    private readonly HashSet<Guid> waiting = [];
    private bool begun;

    /// <summary>Begins with those that were shown before: up to that number.</summary>
    public async Task BeginAsync(long upTo, CancellationToken cancellationToken)
    {
        if (!begun)
        {
            waiting.UnionWith((await read.HeldAsync(caller, meeting.ToString(), cancellationToken)).Where(message => message.Number <= upTo).Select(message => message.Id));
            begun = true;
        }
    }

    /// <summary>Notes a message that is shown now.</summary>
    public void Note(Message message)
    {
        if (message.Withheld == Withheld.Held)
        {
            waiting.Add(message.Id);
        }
    }

    /// <summary>Those that have been decided since, each once.</summary>
    public async Task<List<Message>> DecidedAsync(CancellationToken cancellationToken)
    {
        if (waiting.Count == 0)
        {
            return [];
        }

        var now = await read.FindAsync(caller, meeting.ToString(), waiting, cancellationToken);
        waiting.IntersectWith(now.Where(message => message.Withheld == Withheld.Held).Select(message => message.Id));
        return now.FindAll(message => message.Withheld != Withheld.Held);
    }
}
