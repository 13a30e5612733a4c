using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Core.Outbound;

namespace Parley.Server.Outbound;

/// <summary>Everything that calls out. Whoever reads a configuration file adds who may be called.</summary>
internal static class OutboundSetup
{
    public static void AddOutbound(this IServiceCollection services)
    {
        services.TryAddSingleton<IOutboundPolicy, ClosedPolicy>();
        services.AddSingleton<IOutbound>(all => new OutboundClient(all.GetRequiredService<IOutboundPolicy>(), all.GetRequiredService<TimeProvider>()));
    }

    /// <summary>What holds without a configuration file.</summary>
    private sealed class ClosedPolicy : IOutboundPolicy
    {
        public OutboundPolicy Current { get; } = new();
    }
}
