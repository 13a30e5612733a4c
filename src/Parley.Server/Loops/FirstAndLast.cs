using Microsoft.Extensions.Hosting;
using Parley.Core;
using Parley.Core.Halts;
using Parley.Core.Organizations;
using Parley.Server.Live;

namespace Parley.Server.Loops;

/// <summary>What happens before the first request is taken, and when the server begins to stop.</summary>
internal sealed class FirstAndLast(RefreshHalts halts, HaltBoard board, LiveConnections live, ConnectionWatch connections, IDatabase database, IHostApplicationLifetime lifetime) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await halts.RunOnceAsync(cancellationToken);
        database.Resuming += halts.RunOnceAsync;
        board.Changed += live.CheckAll;
        database.Restored += connections.EndEpoch;
        lifetime.ApplicationStopping.Register(() => _ = connections.CloseAllAsync());
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        database.Resuming -= halts.RunOnceAsync;
        board.Changed -= live.CheckAll;
        database.Restored -= connections.EndEpoch;
        return Task.CompletedTask;
    }
}
