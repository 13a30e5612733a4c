using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Remotes;
using Parley.Core.Webhooks;
using Parley.Server.Live;

namespace Parley.Server.Outbound;

/// <summary>Everything that calls out. Whoever reads a configuration file adds who may be called, and whoever has a folder keeps the secrets.</summary>
internal static class OutboundSetup
{
    public static void AddOutbound(this IServiceCollection services)
    {
        services.TryAddSingleton<IOutboundPolicy, ClosedPolicy>();
        services.TryAddSingleton<ISealedSecrets, NoSecrets>();
        services.AddSingleton<IOutbound>(all => new OutboundClient(all.GetRequiredService<IOutboundPolicy>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AddWebhook>().AddSingleton<ListWebhooks>().AddSingleton<FindWebhook>().AddSingleton<ReadWebhookCalls>().AddSingleton<PauseWebhook>().AddSingleton<ResumeWebhook>();
        services.AddSingleton<RemoveWebhook>().AddSingleton<RotateWebhook>().AddSingleton<RetryWebhook>().AddSingleton<TestWebhook>().AddSingleton<CallWebhooks>();
        services.AddSingleton<IRemoteDoor, RemoteDoor>().AddSingleton<AddRemoteAgent>().AddSingleton<ListRemoteAgents>().AddSingleton<ReadDoors>().AddSingleton<RefreshRemoteAgent>().AddSingleton<TestRemoteAgent>();
        services.AddSingleton<PushToRemotes>().AddSingleton<RemoteLoop>().AddSingleton<RemoteWatch>().AddSingleton<IWakeListener>(all => all.GetRequiredService<RemoteWatch>());
        services.AddSingleton<WebhookLoop>().AddSingleton<WebhookWatch>().AddSingleton<IWakeListener>(all => all.GetRequiredService<WebhookWatch>());
    }

    /// <summary>What holds without a configuration file.</summary>
    private sealed class ClosedPolicy : IOutboundPolicy
    {
        public OutboundPolicy Current { get; } = new();
    }

    /// <summary>A server without a data folder keeps no secrets.</summary>
    private sealed class NoSecrets : ISealedSecrets
    {
        public string Seal(string purpose, string secret) => throw new ParleyError(ErrorCode.Conflict, "This server was built without a place for secrets.", "Start it with 'parley up'.");

        public string? Open(string purpose, string sealedText) => null;

        public bool IsOurs(string sealedText) => false;
    }
}
