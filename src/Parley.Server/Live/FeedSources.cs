using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Server.Live;

/// <summary>What every feed works with.</summary>
internal sealed class FeedSources(ReadInbox readInbox, HaltBoard halts, OfferMarks marks, Laggards laggards, Stopping stopping)
{
    public ReadInbox ReadInbox => readInbox;

    public OfferMarks Marks => marks;

    public Laggards Laggards => laggards;

    public CancellationToken Stopping => stopping.Token;

    /// <summary>A halted agent stays connected and gets nothing new.</summary>
    public bool IsHalted(Caller caller) => halts.OfAgent(caller.OrganizationId, caller.Id) is not null;
}
