using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Nodes;
using Parley.Server.Live;
using Parley.Server.Turns;

namespace Parley.Server.Nodes;

/// <summary>Empties the node when that was asked for, and takes it off the list when it stops.</summary>
internal sealed partial class NodeService(ThisNode node, KeepNode keep, TurnLoop turns, ConnectionWatch connections, ILogger<NodeService> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        node.DrainChanged += Changed;
        await keep.RunOnceAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        node.DrainChanged -= Changed;
        try
        {
            await keep.StopAsync(cancellationToken);
        }
        catch (ParleyError)
        {
            // The others see that nothing more is heard of it.
        }
    }

    private void Changed()
    {
        if (node.IsDraining)
        {
            Draining(log);
            turns.GiveBack();
            _ = connections.CloseAllAsync();
        }
        else
        {
            Resumed(log);
        }
    }

    [LoggerMessage(LogLevel.Information, "This node is being emptied: it claims no turns and gives back those that it runs")]
    private static partial void Draining(ILogger log);

    [LoggerMessage(LogLevel.Information, "This node takes part again")]
    private static partial void Resumed(ILogger log);
}
