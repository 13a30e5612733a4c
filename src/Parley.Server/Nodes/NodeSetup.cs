using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Nodes;
using Parley.Server.Http;
using Parley.Server.Live;
using Parley.Server.Turns;

namespace Parley.Server.Nodes;

/// <summary>What makes this process known to the others that share its database.</summary>
internal static class NodeSetup
{
    public static void AddNodes(this IServiceCollection services)
    {
        services.AddSingleton(all => new ThisNode(new Node(
            Guid.CreateVersion7(all.GetRequiredService<TimeProvider>().GetUtcNow()), all.GetRequiredService<ServerOptions>().NodeName, ProductVersion.Current, "", all.GetRequiredService<StartTime>().At)));
        services.AddSingleton<INodeLoad, Present>().AddSingleton<KeepNode>().AddSingleton<ListNodes>().AddSingleton<DrainNode>();
    }

    /// <summary>What this process does now.</summary>
    private sealed class Present(RunningTurns turns, ConnectionList connections, ServerOptions options, IServer server) : INodeLoad
    {
        public NodeLoad Load => new(turns.Count, options.TurnsAtOnce, connections.Count);

        public string Address => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
    }
}
