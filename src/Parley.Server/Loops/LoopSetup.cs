using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Core.Halts;
using Parley.Core.Maintenance;
using Parley.Core.Messages;
using Parley.Core.Nodes;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Core.Tasks;
using Parley.Server.Live;
using Parley.Server.Nodes;
using Parley.Server.Outbound;
using Parley.Server.Turns;

namespace Parley.Server.Loops;

/// <summary>Everything that runs in the background.</summary>
public static class LoopSetup
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    internal static void AddLoops(this IServiceCollection services)
    {
        services.AddHostedService<StorageLog>();
        services.AddHostedService<FirstAndLast>();
        services.AddHostedService<TurnService>();
        services.AddHostedService<NodeService>();
        services.AddLoop(all => new Loop("node", KeepNode.Interval, all.GetRequiredService<KeepNode>().RunOnceAsync, IsSteady: true));
        services.AddLoop(all => new Loop("turns", Second, all.GetRequiredService<TurnLoop>().RunOnceAsync, all.GetRequiredService<HostedAgents>().Signal));
        services.AddLoop(all => new Loop("leases", TurnLoop.RenewEvery, all.GetRequiredService<TurnLoop>().RenewAsync, IsSteady: true));
        services.AddLoop(all => new Loop("sessions", Second, all.GetRequiredService<WatchSessions>().RunOnceAsync));
        services.AddLoop(all => new Loop("halts", Second, all.GetRequiredService<RefreshHalts>().RunOnceAsync, IsSteady: true));
        services.AddLoop(all => new Loop("deferred", Second, all.GetRequiredService<ReleaseDeferred>().RunOnceAsync));
        services.AddLoop(all => new Loop("expiry", Second, all.GetRequiredService<ExpireDeliveries>().RunOnceAsync));
        services.AddLoop(all => new Loop("obligations", Second, all.GetRequiredService<WatchObligations>().RunOnceAsync));
        services.AddLoop(all => new Loop("schedules", Second, all.GetRequiredService<ScheduleLoop>().RunOnceAsync, all.GetRequiredService<ScheduleLoop>().Signal));
        services.AddLoop(all => new Loop("webhooks", Second, all.GetRequiredService<WebhookLoop>().RunOnceAsync, all.GetRequiredService<WebhookLoop>().Signal));
        services.AddLoop(all => new Loop("ends of tasks", Second, all.GetRequiredService<EndTasks>().RunOnceAsync));
        services.AddLoop(all => new Loop("task pushes", Second, all.GetRequiredService<CallPushes>().RunOnceAsync));
        services.AddLoop(all => new Loop("remote agents", Second, all.GetRequiredService<RemoteLoop>().RunOnceAsync, all.GetRequiredService<RemoteLoop>().Signal));
        services.AddLoop(all => new Loop("search index", 5 * Second, all.GetRequiredService<IndexMessages>().RunOnceAsync, Yields: true));
        services.AddLoop(all => new Loop("sql door", Second, all.GetRequiredService<TakeSqlMessages>().RunOnceAsync));
        services.AddLoop(all => new Loop("retention", 60 * Second, all.GetRequiredService<PruneMessages>().RunOnceAsync));
        services.AddLoop(all => new Loop("epoch", Second, all.GetRequiredService<WatchEpoch>().RunOnceAsync, IsSteady: true));
        services.AddLoop(all => new Loop("connections", Second / 2, all.GetRequiredService<ConnectionWatch>().RunOnceAsync));
        services.AddLoop(all => new Loop("heads", Second, all.GetRequiredService<HeadWatch>().RunOnceAsync));
        services.AddLoop(all => new Loop("laggards", Second, all.GetRequiredService<Laggards>().RunOnceAsync, all.GetRequiredService<Laggards>().Signal));
        services.AddLoop(all => new Loop("offers", Second, all.GetRequiredService<OfferMarks>().RunOnceAsync, all.GetRequiredService<OfferMarks>().Signal));
        services.AddLoop(all => new Loop("fan-out", Second, all.GetRequiredService<LiveConnections>().RunFanOutAsync));
    }

    /// <summary>Runs one more loop for as long as the server does.</summary>
    public static void AddLoop(this IServiceCollection services, Func<IServiceProvider, Loop> loop) => services.AddSingleton<IHostedService>(
        all => new LoopService(loop(all), all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILogger<LoopService>>()));
}
