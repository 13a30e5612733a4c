using Microsoft.Extensions.Hosting;
using Parley.Core.Organizations;

namespace Parley.Server.Turns;

/// <summary>Tells the turns' loop of halts, and gives running turns back when the server stops.</summary>
internal sealed class TurnService(TurnLoop turns, HaltBoard board) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        board.Changed += turns.CheckHalts;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        board.Changed -= turns.CheckHalts;
        await turns.StopAsync(cancellationToken);
    }
}
