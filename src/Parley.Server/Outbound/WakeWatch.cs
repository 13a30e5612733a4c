using System.Collections.Frozen;
using Parley.Core;
using Parley.Server.Live;
using Parley.Server.Loops;

namespace Parley.Server.Outbound;

/// <summary>Wakes a loop where something came into an inbox that it watches. It depends on nothing, because whoever sends depends on it.</summary>
internal abstract class WakeWatch : IWakeListener
{
    private volatile FrozenSet<Guid> agents = [];

    /// <summary>Wakes the loop before its time.</summary>
    public LoopSignal Signal { get; } = new();

    /// <summary>Whose inboxes are watched from now on.</summary>
    public void Watch(IEnumerable<Guid> watched) => agents = watched.ToFrozenSet();

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        var known = agents;
        if (known.Count == 0)
        {
            return;
        }

        foreach (var recipient in hint.Recipients)
        {
            if (known.Contains(recipient.AgentId))
            {
                Signal.Set();
                return;
            }
        }
    }
}

/// <summary>Of the inboxes that have webhooks.</summary>
internal sealed class WebhookWatch : WakeWatch;

/// <summary>Of the inboxes of remote agents.</summary>
internal sealed class RemoteWatch : WakeWatch;
