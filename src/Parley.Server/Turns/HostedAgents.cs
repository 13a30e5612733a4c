using System.Collections.Frozen;
using Parley.Core;
using Parley.Server.Live;
using Parley.Server.Loops;

namespace Parley.Server.Turns;

/// <summary>Which agents are hosted, as this node knows it, so that a hint for one of them wakes the turns' loop and all others cost nothing.</summary>
internal sealed class HostedAgents(IDatabase database) : IWakeListener
{
    private volatile FrozenSet<Guid> ids = [];

    /// <summary>Wakes the loop that claims turns.</summary>
    public LoopSignal Signal { get; } = new();

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        var known = ids;
        if (known.Count == 0)
        {
            return;
        }

        for (var i = 0; i < hint.Recipients.Count; i++)
        {
            if (known.Contains(hint.Recipients[i].AgentId))
            {
                Signal.Set();
                return;
            }
        }
    }

    /// <summary>Reads them again; true where there is one.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        ids = (await database.ReadAsync(unit => unit.Hosting.IdsAsync(), cancellationToken)).ToFrozenSet();
        return ids.Count > 0;
    }
}
