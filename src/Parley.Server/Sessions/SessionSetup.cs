using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Server.Live;

namespace Parley.Server.Sessions;

/// <summary>Everything of spawned sessions. Whoever reads a configuration file or checks schemas adds that.</summary>
internal static class SessionSetup
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.TryAddSingleton<ISessionPolicy, UsualPolicy>();
        services.TryAddSingleton<IResultSchema, NoSchemas>();
        services.AddSingleton<SessionSignals>().AddSingleton<ISessionSignal>(all => all.GetRequiredService<SessionSignals>()).AddSingleton<IWakeListener>(all => all.GetRequiredService<SessionSignals>());
        services.AddSingleton<IAddressRoutes, SessionRoutes>().AddSingleton<ISessionRules, SubagentSession>().AddSingleton<ITurnTools, SessionTools>();
        services.AddSingleton<EndSession>().AddSingleton<SpawnSession>().AddSingleton<SendToSession>().AddSingleton<SteerSession>().AddSingleton<KillSession>();
        services.AddSingleton<ListSessions>().AddSingleton<ReadSession>().AddSingleton<ReadSessionLog>().AddSingleton<ReadSessionFigures>().AddSingleton<WaitForSession>().AddSingleton<WatchSessions>();
    }

    /// <summary>What holds without a configuration file.</summary>
    private sealed class UsualPolicy : ISessionPolicy
    {
        public SessionPolicy Current { get; } = new();
    }

    /// <summary>A server without runtimes checks no results.</summary>
    private sealed class NoSchemas : IResultSchema
    {
        public void Check(string schema) => throw ParleyError.Invalid("schema", "This server was built without a checker of schemas.", "Leave out the schema, or start it with 'parley up'.");

        public string? FaultOf(string schema, string result) => null;
    }
}
