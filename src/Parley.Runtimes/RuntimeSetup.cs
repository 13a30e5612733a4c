using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Core.Outbound;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Runtimes.Acp;
using Parley.Runtimes.Catalog;
using Parley.Runtimes.Commands;
using Parley.Runtimes.Demo;
using Parley.Runtimes.Keys;
using Parley.Runtimes.Models;
using Parley.Runtimes.Programs;
using Parley.Runtimes.Schemas;
using Parley.Runtimes.Tools;

namespace Parley.Runtimes;

/// <summary>Puts the runtimes into the house.</summary>
public static class RuntimeSetup
{
    /// <summary>
    /// Registers <see cref="IRuntime"/> (<c>model</c>, <c>command</c>, <c>acp</c>), <see cref="IModelCatalog"/>, <see cref="IToolbox"/>, <see cref="IKeyStore"/> and <see cref="ISealedSecrets"/>. A
    /// <see cref="TimeProvider"/> and logging have to be there. The container's end closes connections and ends the programs of tool servers.
    /// </summary>
    public static IServiceCollection AddRuntimes(this IServiceCollection services, RuntimeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<IKeyStore>(all => all.GetRequiredService<ProviderKeys>());
        services.AddSingleton<ISealedSecrets>(_ => new SealingKey(options.DataFolder));
        services.AddSingleton(all => new ChatClients(options, all.GetRequiredService<ProviderKeys>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new PriceTable(options.DataFolder));
        services.AddSingleton(all => new DemoModels(options, all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRuntime>(all => new ModelRuntime(
            options, all.GetRequiredService<ChatClients>(), all.GetRequiredService<DemoModels>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton(all => new ProgramHouse(options, all.GetRequiredService<ProviderKeys>()));
        services.AddSingleton<IRuntime>(all => new CommandRuntime(all.GetRequiredService<ProgramHouse>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRuntime>(all => new AcpRuntime(all.GetRequiredService<ProgramHouse>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IModelCatalog>(all => new ModelCatalog(
            options, all.GetRequiredService<ProviderKeys>(), all.GetRequiredService<ChatClients>(), all.GetRequiredService<PriceTable>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IResultSchema, JsonResultSchema>();
        services.AddSingleton<IToolbox>(all => new McpToolbox(options, all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILoggerFactory>()));
        return services;
    }
}
