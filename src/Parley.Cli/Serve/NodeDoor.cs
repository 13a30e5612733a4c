using Parley.Core;
using Parley.Core.Turns;
using Parley.Storage.Postgres;

namespace Parley.Cli.Serve;

/// <summary>Joins the nodes that share a PostgreSQL database: what is committed here wakes agents connected there, and turns that run here are watched and ended there.</summary>
internal sealed class NodeDoor(NodeWakes wakes, NodeTurns turns) : BackgroundService
{
    public static void AddTo(IServiceCollection services, ServeOptions options, TimeProvider time)
    {
        if (options.Database is { } connection)
        {
            var local = services.Last(service => service.ServiceType == typeof(IWake)).ImplementationFactory!;
            services.AddSingleton(all => new NodeWakes((IWake)local(all), connection, time)).AddSingleton<IWake>(all => all.GetRequiredService<NodeWakes>());
            var stop = services.Last(service => service.ServiceType == typeof(ITurnStop)).ImplementationFactory!;
            services.AddSingleton(all => new NodeTurns(all.GetRequiredService<ITurnAudience>(), [(ITurnStop)stop(all)], connection, time));
            services.AddSingleton<ITurnWatch>(all => all.GetRequiredService<NodeTurns>()).AddSingleton<ITurnStop>(all => all.GetRequiredService<NodeTurns>());
            services.AddHostedService<NodeDoor>();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(wakes.RunAsync(stoppingToken), turns.RunAsync(stoppingToken));
}
