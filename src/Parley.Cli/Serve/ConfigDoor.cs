using Parley.Cli.Config;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Outbound;
using Parley.Core.Sessions;
using Parley.Server;
using Parley.Server.Loops;

namespace Parley.Cli.Serve;

/// <summary>Lets the configuration decide what agents may do, and follows its changes.</summary>
internal static class ConfigDoor
{
    public static void AddTo(IServiceCollection services, LoadedConfig config, Guid organization)
    {
        services.AddSingleton(all => new ConfigWatch(config, cancellation => AgentsAsync(all.GetRequiredService<ListAgents>(), organization, cancellation), all.GetRequiredService<ILogger<ConfigWatch>>()));
        services.AddSingleton<ISessionPolicy>(all => all.GetRequiredService<ConfigWatch>()).AddSingleton<IOutboundPolicy>(all => all.GetRequiredService<ConfigWatch>()).AddSingleton<IRunningConfig>(all => all.GetRequiredService<ConfigWatch>());
        services.AddLoop(all => new Loop("configuration", ConfigWatch.Interval, all.GetRequiredService<ConfigWatch>().RunOnceAsync));
    }

    private static async Task<IReadOnlyCollection<string>> AgentsAsync(ListAgents list, Guid organization, CancellationToken cancellation) =>
        [.. (await list.RunAsync(Caller.System(organization), new AgentQuery(), cancellation).ConfigureAwait(false)).SelectMany(overview => overview.Agent.Aliases.Prepend(overview.Agent.Name))];
}
