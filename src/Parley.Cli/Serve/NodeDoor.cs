using Parley.Core;
using Parley.Storage.Postgres;

namespace Parley.Cli.Serve;

/// <summary>Joins the nodes that share a PostgreSQL database: what is committed here wakes agents connected there.</summary>
internal sealed class NodeDoor(NodeWakes wakes) : BackgroundService
{
    public static void AddTo(IServiceCollection services, ServeOptions options, TimeProvider time)
    {
        if (options.Database is { } connection)
        {
            var local = services.Last(service => service.ServiceType == typeof(IWake)).ImplementationFactory!;
            services.AddSingleton(all => new NodeWakes((IWake)local(all), connection, time)).AddSingleton<IWake>(all => all.GetRequiredService<NodeWakes>());
            services.AddHostedService<NodeDoor>();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => wakes.RunAsync(stoppingToken);
}
