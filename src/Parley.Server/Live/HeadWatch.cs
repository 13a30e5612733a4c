using Parley.Core;

namespace Parley.Server.Live;

/// <summary>
/// Looks every second how far the inboxes of connected agents have come: for hints that were lost and for what other nodes wrote.
/// </summary>
internal sealed class HeadWatch(LiveConnections live, IDatabase database)
{
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var agents = live.Agents;
        if (agents.Count > 0)
        {
            foreach (var head in await database.ReadAsync(unit => unit.Agents.HeadsAsync([.. agents]), cancellationToken))
            {
                live.Check(head);
            }
        }

        foreach (var listener in live.ProjectListeners)
        {
            listener.Check();
        }

        return false;
    }
}
