using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Permissions;
using Parley.Core.Turns;
using Parley.Server.Live;

namespace Parley.Server.Turns;

/// <summary>Everything that runs hosted agents. Runtimes, models and tool servers are added by whoever has them.</summary>
internal static class TurnSetup
{
    public static void AddTurns(this IServiceCollection services)
    {
        services.TryAddSingleton<IModelCatalog, NoModels>();
        services.TryAddSingleton<IToolbox, NoTools>();
        services.AddSingleton<IAddressRoutes, PersonRoutes>().AddSingleton<ISessionRules, MainSession>();
        services.AddSingleton<HostAgent>().AddSingleton<UnhostAgent>().AddSingleton<FindHosting>().AddSingleton<TurnModels>().AddSingleton<PersonaFiles>().AddSingleton<ReadPersona>().AddSingleton<ListRunningTurns>();
        services.AddSingleton<ClaimTurn>().AddSingleton<RunTurn>().AddSingleton<RenewLeases>().AddSingleton<TurnWrites>().AddSingleton<TurnTools>().AddSingleton<ITurnTools, BuiltInTools>();
        services.AddSingleton<TestAgent>().AddSingleton<ListModels>().AddSingleton<ReadRoots>().AddSingleton<ReadSpend>().AddSingleton<EditBudgets>();
        services.AddSingleton<AskRuntime>().AddSingleton<AskPermission>().AddSingleton<DecidePermission>().AddSingleton<ListPermissions>();
        services.AddSingleton<TurnPasses>().AddSingleton<ITurnDoor>(all => all.GetRequiredService<TurnPasses>());
        services.AddSingleton<HostedAgents>().AddSingleton<IWakeListener>(all => all.GetRequiredService<HostedAgents>()).AddSingleton<TurnLoop>();
        services.AddSingleton<RunningTurns>().AddSingleton<ITurnStop>(all => all.GetRequiredService<RunningTurns>());
    }

    /// <summary>A server without runtimes knows no model.</summary>
    private sealed class NoModels : IModelCatalog
    {
        public Price? PriceOf(string model) => null;

        public void Check(string model) => throw ParleyError.Invalid("model", "This server was built without models.", "Start it with 'parley up'.");

        public Task<IReadOnlyList<ProviderInfo>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ProviderInfo>>([]);
    }

    /// <summary>A server without runtimes reaches no tool server.</summary>
    private sealed class NoTools : IToolbox
    {
        public Task<ToolListing> ListAsync(Guid agentId, IReadOnlyList<ToolServer> servers, CancellationToken cancellationToken) =>
            Task.FromResult(new ToolListing([], [.. servers.Select(server => $"The tool server '{server.Name}' cannot be reached.")]));

        public Task<ToolResult> CallAsync(Guid agentId, IReadOnlyList<ToolServer> servers, ToolCall call, CancellationToken cancellationToken) =>
            Task.FromResult(new ToolResult("There are no tool servers.", Failed: true));
    }
}
